import fastify from 'fastify'
import { createApi } from '../../packages/api/src/index.ts'
import { applicationId, type CallEvent, type CallId, Secret, silentLogger } from '../../packages/core/src/index.ts'
import { systemClock as clock, systemRandom as random } from '../../packages/runtime/src/index.ts'
import { openStore } from '../../packages/store/src/index.ts'
import { type ApiReport, application } from './api-protocol.ts'

/** Calls are up for this long, ms; how often the ends are written. */
const talkMs = 1_000
const endsEveryMs = 100
const trunkCount = 4

/**
 * The public API over a real store, with a dispatcher that takes calls and dials nobody, and a bare Fastify that answers
 * what it was sent: `api-process.ts <database url> <recordings folder>`, asked over IPC.
 */
async function main([url = '', recordingsDir = '']: readonly string[]): Promise<void> {
  const tenant = applicationId(application.sdkAppId)
  const store = await openStore({
    connection: { url },
    clock,
    random,
    logger: silentLogger,
    recordingsDir,
    masterKey: new Uint8Array(32).fill(7),
  })
  await store.configure({
    applications: [{ applicationId: tenant }],
    trunks: Array.from({ length: trunkCount }, (_, index) => ({
      name: `trunk-${index}`,
      numbers: [`0086755000000${index}`],
      limits: { maxConcurrent: 10_000, maxCps: 100_000 },
    })),
  })
  const up: { readonly callId: CallId; readonly untilMs: number }[] = []
  setInterval(() => {
    const over = up.findIndex(({ untilMs }) => untilMs > clock.nowMs())
    const ended = up.splice(0, over < 0 ? up.length : over)
    void store.journal.append(ended.map(({ callId }) => endOf(callId)))
  }, endsEveryMs)
  const control = {
    place: async ({ callId }: { callId: CallId }) => void up.push({ callId, untilMs: clock.nowMs() + talkMs }),
  }
  void store.dispatch({ owner: 'bench', control, signal: new AbortController().signal })
  const nothing = async () => {}
  const api = createApi({
    applications: [
      {
        applicationId: tenant,
        keys: [{ secretId: application.secretId, secretKey: new Secret(application.secretKey) }],
      },
    ],
    intake: store.intake,
    records: store.records,
    eventLog: store.eventLog,
    liveEvents: { listen: () => ({ [Symbol.dispose]: () => {} }) },
    pushes: store.pushes,
    webhooks: store.webhooks,
    erasure: store.erasure,
    sounds: {
      library: store.sounds,
      decoder: { decode: async () => new Int16Array() },
      fetchFile: async () => ({ kind: 'failed', reason: 'nothing is fetched' }),
    },
    management: store,
    skillGroupDesk: { book: store.skillGroups, declared: [], current: [], refresh: nothing, check: () => [] },
    agents: store.agents,
    campaigns: store.campaigns,
    doNotCall: store.doNotCall,
    trunks: {
      registry: store.trunks,
      read: () => ({ problems: [{ field: '', detail: 'trunks stay as they are' }] }),
      assistantsOf: () => [],
      healthOf: () => ({ gateways: [] }),
    },
    numbers: async () => [],
    readiness: async () => ({ problems: [], warnings: [] }),
    recordings: store.recordings,
    control: {
      say: nothing,
      ask: nothing,
      hangup: nothing,
      transfer: nothing,
      press: nothing,
      pauseRecording: nothing,
    },
    clock,
    random,
    logger: silentLogger,
    urlSigningKey: new Uint8Array(32).fill(9),
    allowPrivateUrls: true,
  })
  const { port: apiPort } = await api.listen({ host: '127.0.0.1', port: 0 })
  const echo = fastify({ logger: false })
  echo.post('/', async (request) => request.body)
  const echoPort = Number(new URL(await echo.listen({ host: '127.0.0.1', port: 0 })).port)
  const report = (message: ApiReport) => process.send?.(message)
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    report({ type: 'usage', cpuMs: (user + system) / 1_000 })
  })
  process.on('disconnect', () => process.exit())
  report({ type: 'ready', apiPort, echoPort })
}

function endOf(callId: CallId): CallEvent {
  return {
    callId,
    seq: 1,
    wallMs: clock.wallMs(),
    body: { type: 'call.ended', outcome: { kind: 'completed', by: 'user' } },
  }
}

await main(process.argv.slice(2))
