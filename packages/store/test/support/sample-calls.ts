import { join } from 'node:path'
import {
  type AssistantSpec,
  applicationId,
  type CallEvent,
  type CallEventBody,
  type CallId,
  type Clock,
  callId,
  type NewCall,
  Secret,
  silentLogger,
} from '@parley/core'
import { openStore, type Store, type TrunkConfiguration } from '../../src/index.ts'
import { realClock, realRandom } from './real-time.ts'
import { folderOf } from './test-database.ts'

export const tenant = applicationId(1400000001)
export const stranger = applicationId(1400000002)
const masterKey = new Uint8Array(32).fill(7)

export const assistant: AssistantSpec = {
  instructions: 'Be brief.',
  model: {
    protocol: 'openai',
    baseUrl: 'https://model.invalid/v1/',
    apiKey: new Secret('sk-very-secret'),
    headers: { 'X-Token': 'header-secret' },
  },
  voice: { name: 'calm', custom: { TTSType: 'tencent', SecretKey: 'voice-secret' } },
  recognition: { languages: ['en'], hints: ['yes', 'no'] },
  greeting: { kind: 'text', text: 'Hello.' },
  greetingInterruptible: true,
  greetingDelayMs: 0,
  turn: {
    endpointing: { threshold: 0.9, actionDelayMs: 300, timeoutMs: 1000 },
    speculation: { afterMs: 200, maxPerTurn: 2, inSpeech: true, maxWastedTokens: 100 },
    minGapMs: 100,
    bargeIn: { speechMs: null, minWords: 3, duckAfterMs: 100, duckGainDb: -12 },
    silencePrompt: null,
    userSilenceLimitMs: 60_000,
    filler: null,
    apology: 'Sorry.',
  },
  tools: [],
}

export function newCall(change: Partial<NewCall> = {}): NewCall {
  return {
    callId: callId(realRandom.uuid()),
    applicationId: tenant,
    callee: '+4930111222',
    callers: [],
    limits: { ringMs: 30_000 },
    assistant,
    acquireMs: 30_000,
    ...change,
  }
}

export function event(id: CallId, seq: number, wallMs: number, body: CallEventBody): CallEvent {
  return { callId: id, seq, wallMs, body }
}

export function trunk(
  name: string,
  maxConcurrent: number,
  maxCps: number,
  change: Partial<TrunkConfiguration> = {},
): TrunkConfiguration {
  return { name, numbers: [`+4930${name.length}00`], limits: { maxConcurrent, maxCps }, ...change }
}

export function openTestStore(url: string, maxConnections = 10, clock: Clock = realClock): Promise<Store> {
  return openStore({
    connection: { url },
    clock,
    random: realRandom,
    logger: silentLogger,
    recordingsDir: recordingsDir(),
    masterKey,
    maxConnections,
  })
}

/** Goes with the server of the test run. */
export function recordingsDir(): string {
  return join(folderOf('bundled 18'), 'recordings')
}
