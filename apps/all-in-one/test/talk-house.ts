import { join } from 'node:path'
import { type CallReport, type Phone, type PhoneCall, type ScriptSource, startPhone } from '@parley/callee'
import { type CccClient, sdkClient } from '../src/demo/sdk-client.ts'
import {
  type EngineProcess,
  makeDataDir,
  removeDataDir,
  startEngineProcess,
  testApplication,
} from './engine-process.ts'
import { callRequest, finishedCdr, placeCall } from './placed-call.ts'

type Request = ReturnType<typeof callRequest>
export type TelCdr = Awaited<ReturnType<typeof finishedCdr>>

/** One call that is over, as its three witnesses tell it. */
export interface Talk {
  readonly sessionId: string
  readonly cdr: TelCdr
  readonly report: CallReport
}

export interface LiveTalk {
  readonly sessionId: string
  readonly phoneCall: PhoneCall
  /** The record and the phone's report, once the call is over. */
  ended(): Promise<Talk>
}

/** An engine process, a simulated phone that records, and the official SDK between them. */
export interface TalkHouse extends AsyncDisposable {
  readonly client: CccClient
  readonly engine: EngineProcess
  /** Calls the phone, which follows the script of this name. */
  call(script: string, modelUrl: string, more?: Partial<Request>): Promise<LiveTalk>
  /** The same, to its end. */
  talk(script: string, modelUrl: string, more?: Partial<Request>): Promise<Talk>
}

const longestTalkMs = 90_000

export async function startTalkHouse(scripts: Readonly<Record<string, ScriptSource>>): Promise<TalkHouse> {
  const dataDir = makeDataDir()
  const waiting = new Map<string, (call: PhoneCall) => void>()
  let lastNumber = 0
  const numbers = new Map<string, string>()
  const phone: Phone = await startPhone({
    host: '127.0.0.1',
    port: 0,
    outDir: join(dataDir, 'phone'),
    script: ({ to }) => scripts[numbers.get(to.slice(-4)) ?? ''] ?? 'busy: true',
  })
  const engine = await startEngineProcess({
    dataDir,
    trunks: [{ name: 'phone', port: phone.port, number: '+8675500000001' }],
  })
  const client = sdkClient(engine.httpPort, testApplication)
  const arrivals = (async () => {
    for await (const call of phone.calls) waiting.get(call.invite?.to.slice(-4) ?? '')?.(call)
  })()

  const call = async (script: string, modelUrl: string, more: Partial<Request> = {}): Promise<LiveTalk> => {
    lastNumber += 1
    const digits = String(lastNumber).padStart(4, '0')
    numbers.set(digits, script)
    const arrived = new Promise<PhoneCall>((resolve) => waiting.set(digits, resolve))
    const sessionId = await placeCall(client, callRequest(`00861300000${digits}`, modelUrl, more))
    const phoneCall = await arrived
    const ended = async () => {
      const [cdr, report] = await Promise.all([finishedCdr(client, sessionId, longestTalkMs), phoneCall.ended])
      return { sessionId, cdr, report }
    }
    return { sessionId, phoneCall, ended }
  }
  return {
    client,
    engine,
    call,
    talk: async (script, modelUrl, more) => (await call(script, modelUrl, more)).ended(),
    async [Symbol.asyncDispose]() {
      await engine.stop()
      await phone.close()
      await arrivals
      removeDataDir(dataDir)
    },
  }
}
