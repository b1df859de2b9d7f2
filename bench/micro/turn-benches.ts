import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initialTurnState, step, type TurnEvent } from '@parley/conversation/turn'
import { callId, generation, Secret, turnDefaults, turnId } from '@parley/core'
import { traceTurns } from '../../apps/all-in-one/src/journal-tap.ts'
import { Chunker } from '../../packages/conversation/src/reply/chunker.ts'
import { openAiChatModel } from '../../packages/providers/src/llm/openai/openai-chat-model.ts'
import { PooledFetch } from '../../packages/providers/src/llm/openai/pooled-fetch.ts'
import type { MicroBench } from './micro-bench.ts'

const reply = 'Sure, I can move the delivery to Tuesday, the 14th. It comes between 9 and 11; is that fine for you?'
const tokens = reply.match(/\s*\S+/g) ?? []

/** The whole way of a streamed reply from bytes to deltas, without the socket. */
function streamParser(): MicroBench {
  const events = tokens.map((content) => JSON.stringify({ choices: [{ index: 0, delta: { content } }] }))
  const end = JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
  const pieces = [...events, end, '[DONE]'].map((data) => Buffer.from(`data: ${data}\n\n`))
  const pool = new PooledFetch()
  const headers = { 'content-type': 'text/event-stream' }
  Object.assign(pool, { fetch: async () => new Response(ReadableStream.from(pieces), { headers }) })
  const model = openAiChatModel({ protocol: 'openai', baseUrl: 'http://127.0.0.1/v1', apiKey: new Secret('x') }, pool)
  const options = { requestId: 'x', tools: [], headers: {} }
  return {
    name: 'stream of the model',
    unit: 'token',
    ops: tokens.length,
    async run() {
      let read = 0
      const signal = new AbortController().signal
      for await (const delta of model.reply([{ role: 'user', text: 'hello' }], options, signal)) {
        if (delta.type === 'text') read += 1
      }
      if (read !== tokens.length) throw new Error(`${read} of ${tokens.length} tokens`)
    },
  }
}

function chunker(): MicroBench {
  return {
    name: 'chunker',
    unit: 'token',
    ops: tokens.length,
    run() {
      const chunker = new Chunker({ language: 'en' })
      let chunks = 0
      for (const token of tokens) chunks += chunker.push(token).length
      if (chunks + chunker.end().length < 2) throw new Error('the reply was not cut')
    },
  }
}

function traceWriter(): MicroBench & Disposable {
  const directory = mkdtempSync(join(tmpdir(), 'parley-bench-trace-'))
  const write = traceTurns(join(directory, 'trace.jsonl'))
  const timings = {
    turn: turnId(3),
    generation: generation(7),
    userStoppedAtMs: 1_000.123_456,
    speculatedAtMs: 1_120.123_456,
    transcriptFinalAtMs: 1_240.123_456,
    endpointAtMs: 1_500.123_456,
    modelRequestAtMs: 1_121.123_456,
    modelFirstTokenAtMs: 1_371.123_456,
    synthesisRequestAtMs: 1_421.123_456,
    synthesisFirstAudioAtMs: 1_521.123_456,
    firstPacketAtMs: 1_522.123_456,
    discarded: 1,
  }
  const id = callId('0f6c2c0e-2c55-4f3d-9a53-9d9f3d1d3f10')
  const event = { callId: id, sequence: 1, atMs: 0, body: { type: 'turn.completed', timings } } as unknown
  return {
    name: 'trace writer',
    unit: 'turn',
    ops: 1,
    run: () => write(event as Parameters<typeof write>[0]),
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  }
}

const rules: Parameters<typeof step>[2] = {
  turn: {
    ...turnDefaults,
    silencePrompt: null,
    userSilenceLimitMs: 60_000,
    filler: null,
    apology: 'Sorry.',
  },
  recognition: { languages: ['en'], hints: [] },
  greeting: { kind: 'none' },
  greetingInterruptible: true,
  greetingDelayMs: 0,
} as Parameters<typeof step>[2]

/** One turn of a caller from onset to the end of the answer, as the driver would tell it. */
function turnScript(atMs: number, spoken: number): readonly TurnEvent[] {
  const at = (ms: number) => atMs + ms
  const mine = generation(spoken)
  return [
    { type: 'speech.started', atMs: at(60), onsetAtMs: at(0), mediaMs: at(0) },
    { type: 'transcript', atMs: at(300), kind: 'partial', text: 'can you', fromMs: at(0), toMs: at(300) },
    { type: 'transcript', atMs: at(600), kind: 'partial', text: 'can you hear me now', fromMs: at(0), toMs: at(600) },
    { type: 'speech.stopped', atMs: at(720), lastVoiceAtMs: at(620), mediaMs: at(620) },
    { type: 'timer.fired', atMs: at(730), timer: 'speculate' },
    { type: 'transcript', atMs: at(780), kind: 'final', text: 'can you hear me now', fromMs: at(0), toMs: at(620) },
    { type: 'reply.sentence', atMs: at(1_040), generation: mine },
    { type: 'reply.ready', atMs: at(1_140), generation: mine },
    { type: 'timer.fired', atMs: at(1_700), timer: 'endpoint' },
    { type: 'reply.audible', atMs: at(1_701), generation: mine },
    { type: 'playout.started', atMs: at(1_702), generation: mine, firstPacketAtMs: at(1_702) },
    { type: 'playout.progress', atMs: at(1_802), generation: mine, playedSamples: 800, heard: 'yes' },
    { type: 'playout.finished', atMs: at(2_502), generation: mine, heard: 'yes I do' },
  ]
}

function reducer(): MicroBench {
  const [answered] = step(initialTurnState(), { type: 'answered', atMs: 0 }, rules)
  const script = turnScript(1_000, 1)
  return {
    name: 'turn reducer',
    unit: 'event',
    ops: script.length,
    run() {
      let state = answered
      let spoken = false
      for (const event of script) {
        const [next, commands] = step(state, event, rules)
        state = next
        spoken ||= commands.some((command) => command.type === 'reply.commit')
      }
      if (!spoken) throw new Error('the script does not lead to an answer')
    },
  }
}

/** What happens for each turn, token or event. Disposing removes the file of the trace. */
export function turnBenches(): { readonly benches: readonly MicroBench[] } & Disposable {
  const trace = traceWriter()
  return {
    benches: [streamParser(), chunker(), reducer(), trace],
    [Symbol.dispose]: () => trace[Symbol.dispose](),
  }
}
