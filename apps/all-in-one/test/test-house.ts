import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Phone, type PhoneCall, startPhone } from '@parley/callee'
import { parseScript, serveScriptModel } from '@parley/providers'
import { systemClock } from '@parley/runtime'
import { type CccClient, sdkClient } from '../src/demo/sdk-client.ts'
import {
  type EngineProcess,
  makeDataDir,
  removeDataDir,
  startEngineProcess,
  type TestTrunk,
  testApplication,
} from './engine-process.ts'
import { callRequest, placeCall } from './placed-call.ts'

/** A scripted assistant that ends the call when it hears a goodbye. */
export const farewell = `
name: farewell
steps:
  only:
    ask: How can I help you?
    rules:
      - { when: [goodbye, thank you], say: Goodbye., end: true }
`

/** Numbers `00861300000xxxx` are answered by the script named `xxxx`. */
export type PhoneScripts = Readonly<Record<string, string>>

/** Speaks once; again when that was not understood, as may happen on a machine that is very busy. */
export const saysGoodbye = `
answer: { after: 200ms }
steps:${'\n  - wait: { heard: end }\n  - say: { text: "thank you goodbye" }'.repeat(3)}
ends: peer
endsTimeout: 30s
`

export const trunkNumber = '+8675500000001'

/** A phone, a model that follows a script, and the engine between them, which tests may kill and start again. */
export interface TestHouse extends AsyncDisposable {
  readonly phone: Phone
  readonly modelUrl: string
  /** Packets and recordings of the phone. */
  readonly phoneDir: string
  readonly dataDir: string
  /** The engine that runs now. */
  readonly engine: EngineProcess
  readonly client: CccClient
  /** Calls the phone has seen so far, by the last four digits of their number. */
  readonly seen: readonly { readonly digits: string; readonly call: PhoneCall }[]
  /** Starts an engine on the same data in place of the one that ended. */
  restart(environment?: Readonly<Record<string, string>>): Promise<void>
  /** `CreateAICall` to the script `digits`; its SessionId. */
  call(digits: string, more?: Partial<Parameters<CccClient['CreateAICall']>[0]>): Promise<string>
}

export interface TestHouseOptions {
  /** Members of the trunk to the phone, as in parley.yaml. */
  readonly trunk?: Readonly<Record<string, unknown>>
  readonly moreTrunks?: (phonePort: number) => readonly TestTrunk[]
  /** Further top-level members of parley.yaml. */
  readonly config?: (modelUrl: string) => Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string>>
}

export async function startTestHouse(scripts: PhoneScripts, options: TestHouseOptions = {}): Promise<TestHouse> {
  await using building = new AsyncDisposableStack()
  const model = building.use(await serveScriptModel({ script: parseScript(farewell), clock: systemClock }))
  const phoneDir = mkdtempSync(join(tmpdir(), 'parley-phone-'))
  building.defer(() => rmSync(phoneDir, { recursive: true, force: true }))
  const phone = await startPhone({
    host: '127.0.0.1',
    port: 0,
    outDir: phoneDir,
    script: ({ to }) => scripts[to.slice(-4)] ?? 'busy: true',
  })
  const seen: { digits: string; call: PhoneCall }[] = []
  building.defer(async () => {
    await phone.close()
    // The reports of calls that ended with it are still being written.
    await Promise.allSettled(seen.map(({ call }) => call.ended))
  })
  void (async () => {
    for await (const call of phone.calls) seen.push({ digits: call.invite?.to.slice(-4) ?? '', call })
  })()
  const { trunk, moreTrunks = () => [], environment, config } = options
  const dataDir = makeDataDir()
  building.defer(() => removeDataDir(dataDir))
  const start = (more: Readonly<Record<string, string>> = {}) =>
    startEngineProcess({
      trunks: [
        { name: 'phone', port: phone.port, number: trunkNumber, ...(trunk ? { extra: trunk } : {}) },
        ...moreTrunks(phone.port),
      ],
      ...(config ? { config: config(model.baseUrl) } : {}),
      environment: { ...environment, ...more },
      dataDir,
    })
  let engine = await start()
  building.defer(async () => {
    await engine.stop()
  })
  let client = sdkClient(engine.httpPort, testApplication)
  const parts = building.move()
  return {
    phone,
    modelUrl: model.baseUrl,
    phoneDir,
    dataDir,
    seen,
    get engine() {
      return engine
    },
    get client() {
      return client
    },
    async restart(more) {
      engine = await start(more)
      client = sdkClient(engine.httpPort, testApplication)
    },
    call: (digits, more) => placeCall(client, callRequest(`00861300000${digits}`, model.baseUrl, more)),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
