import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseScript, serveScriptModel } from '@parley/providers'
import { systemClock } from '@parley/runtime'
import { type CccClient, sdkClient } from '../../src/demo/sdk-client.ts'
import {
  type EngineProcess,
  makeDataDir,
  removeDataDir,
  startEngineProcess,
  type TestTrunk,
  testApplication,
} from '../engine-process.ts'
import { callRequest, placeCall } from '../placed-call.ts'
import { type NetworkPair, openNetworkPair } from './network-pair.ts'

const assistant = `
name: interop
steps:
  only:
    ask: How can I help you?
    rules:
      - { when: [goodbye, thank you], say: Goodbye., end: true }
`

export const welcome = 'Hello, this is the assistant. You may leave a message, or press a key, whenever you like.'

/** An engine in a namespace of its own, with a model that follows a script, beside a namespace for peers. */
export interface InteropHouse extends AsyncDisposable {
  readonly network: NetworkPair
  readonly engine: EngineProcess
  readonly client: CccClient
  /** For files of peers. */
  readonly directory: string
  /** `CreateAICall`, shown as `caller`; its SessionId. */
  call(callee: string, caller: string): Promise<string>
}

export interface InteropOptions {
  /** Starts peers that must be there when the engine registers. */
  readonly beforeEngine?: (network: NetworkPair, directory: string) => Promise<AsyncDisposable>
  readonly trunks: (network: NetworkPair, directory: string) => readonly TestTrunk[]
  /** Further top-level members of parley.yaml. */
  readonly config?: (network: NetworkPair) => Readonly<Record<string, unknown>>
  readonly environment?: (network: NetworkPair, directory: string) => Readonly<Record<string, string>>
}

export async function startInteropHouse(options: InteropOptions): Promise<InteropHouse> {
  await using building = new AsyncDisposableStack()
  const network = building.use(openNetworkPair())
  const directory = mkdtempSync(join(tmpdir(), 'parley-interop-'))
  building.defer(() => rmSync(directory, { recursive: true, force: true }))
  const model = building.use(
    await serveScriptModel({ script: parseScript(assistant), clock: systemClock, host: network.testHost }),
  )
  const dataDir = makeDataDir()
  building.defer(() => removeDataDir(dataDir))
  const early = await options.beforeEngine?.(network, directory)
  if (early) building.use(early)
  const engine = await startEngineProcess({
    dataDir,
    within: ['ip', 'netns', 'exec', network.engine.namespace],
    trunks: options.trunks(network, directory),
    config: {
      inbound: {
        sdkAppId: testApplication.sdkAppId,
        welcomeMessage: welcome,
        llm: { type: 'openai', url: model.baseUrl, apiKey: 'sk-test-secret' },
      },
      ...options.config?.(network),
    },
    environment: {
      PARLEY_BIND_HOST: '0.0.0.0',
      PARLEY_ALLOW_PRIVATE_URLS: '1',
      PARLEY_PUBLIC_HOST: network.engine.host,
      PARLEY_SIP_PORT: '5060',
      ...options.environment?.(network, directory),
    },
  })
  building.defer(async () => {
    await engine.stop()
  })
  const client = sdkClient(engine.httpPort, testApplication, network.engine.controlHost)
  const parts = building.move()
  return {
    network,
    engine,
    client,
    directory,
    call: (callee, caller) =>
      placeCall(client, callRequest(callee, model.baseUrl, { Callers: [caller], WelcomeMessage: welcome })),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
