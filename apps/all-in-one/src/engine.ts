import { join } from 'node:path'
import { createApi } from '@parley/api'
import { CallHost } from '@parley/call'
import { type Logger, waitUntil } from '@parley/core'
import { createMediaEngine } from '@parley/media'
import { createPinnedPost, createProviders, openOnnxEndOfTurn } from '@parley/providers'
import { type Config, systemClock as clock, createMetrics, mediaOf, systemRandom as random } from '@parley/runtime'
import { createSignalling, type SipSignalling } from '@parley/sip'
import { openStore, startEmbeddedPostgres } from '@parley/store'
import { agentContextOf, agentsOf } from './agents-of.ts'
import { apiOptions } from './api-options.ts'
import { doBackgroundWork } from './background-work.ts'
import { callInDesk } from './call-in-desk.ts'
import type { Identity } from './data-directory.ts'
import { declaredAgents } from './declared-agents.ts'
import { dialRulesOf, doNotCallOf } from './dial-rules.ts'
import { type House, mediaWorkerCount } from './engine-settings.ts'
import { inboundHandler } from './inbound.ts'
import { type JournalListener, tapJournal, traceTurns } from './journal-tap.ts'
import { LiveExtensions, linesFor } from './live-extensions.ts'
import { createLiveFeed } from './live-feed.ts'
import { LiveSkillGroups } from './live-skill-groups.ts'
import { LiveTrunks } from './live-trunks.ts'
import { trunkRow } from './number-owners.ts'
import { declaredWebhooks } from './pushes.ts'

/** A running engine. Disposing ends calls with BYE, closes their records and releases everything. */
export interface Engine extends AsyncDisposable {
  readonly httpPort: number
  readonly sipPort: number
  /** Hears every event of every call of this process. */
  readonly listeners: Set<JournalListener>
  readonly recordingPath: (callId: Parameters<CallHost['hangup']>[0]) => string
  readonly liveCalls: number
  /** Takes no further calls and resolves when the last one is over, or after `limitMs`. */
  drain(limitMs: number): Promise<void>
}

/**
 * Builds the whole house in one process, from the ground up. What was built before a failure is released again.
 * @throws what the failing room throws; see `start-problem.ts`
 */
export async function startEngine(config: Config, house: House, identity: Identity, logger: Logger): Promise<Engine> {
  await using building = new AsyncDisposableStack()
  const { settings, dataDir, advertisedHost, allowPrivateUrls } = config
  const bindHost = settings.PARLEY_BIND_HOST
  const common = { clock, random, logger }
  const stopping = new AbortController()

  const { speech, hedge = false } = house
  const dialRules = dialRulesOf(house.dialing)
  const agentContext = agentContextOf(house, allowPrivateUrls)
  const agents = declaredAgents(house.agents ?? [], agentContext(house.skillGroups))
  const endOfTurn = house.endOfTurn ? building.use(await openOnnxEndOfTurn(house.endOfTurn, clock)) : undefined
  const url =
    settings.DATABASE_URL ||
    building.use(await startEmbeddedPostgres({ ...common, dataDir: join(dataDir, 'postgres') })).url
  const recordingsDir = join(dataDir, 'recordings')
  const store = building.use(
    await openStore({
      ...common,
      connection: { url },
      recordingsDir,
      masterKey: identity.masterKey,
      dialRules,
      ...(config.bucket ? { s3: config.bucket } : {}),
    }),
  )
  await store.configure({
    applications: house.applications,
    trunks: house.trunks.map(trunkRow),
    webhooks: declaredWebhooks(house),
    agents,
    doNotCall: doNotCallOf(house.dialing),
    care: house.care,
  })
  await store.recoverLost({ owner: identity.instance })

  const trunks = new LiveTrunks(house.trunks, logger)
  const extensions = new LiveExtensions(store.extensions, trunks)
  const skillGroups = new LiveSkillGroups(house, trunks, store.skillGroups, extensions)
  const refreshPeople = async () => {
    await extensions.refresh()
    await skillGroups.refresh()
  }
  await skillGroups.refresh()
  const agentsInCalls = agentsOf(store.agents, () => agentContext(skillGroups.current))
  const providers = building.use(
    createProviders({
      ...common,
      cacheDir: join(dataDir, 'cache'),
      speech,
      endOfTurn,
      hedge,
      allowPrivateUrls,
    }),
  )
  const media = building.use(
    await createMediaEngine({
      ...common,
      workerUrl: new URL(`./media-worker${import.meta.url.slice(-3)}`, import.meta.url),
      workerCount: mediaWorkerCount(config),
      rtpPorts: settings.PARLEY_RTP_PORTS,
      rtpTimeoutMs: settings.PARLEY_RTP_TIMEOUT_S * 1000,
      bindHost,
    }),
  )
  const signalling: SipSignalling = building.use(
    await createSignalling({
      ...common,
      trunks: house.trunks,
      bind: { host: bindHost, port: settings.PARLEY_SIP_PORT, transports: ['udp', 'tcp'], ...tlsBind(settings) },
      advertisedHost,
      ...(config.drachtio ? { drachtio: config.drachtio } : {}),
      onInvite: inboundHandler(
        house,
        trunks,
        () => host,
        random,
        logger,
        agentsInCalls,
        callInDesk(createPinnedPost({ clock, allowPrivate: allowPrivateUrls }), logger, () => clock.wallMs()),
      ),
      userAgent: 'Parley',
      ladder: settings.PARLEY_SIP_LADDER,
    }),
  )
  extensions.attach(signalling)
  await refreshPeople()
  const listeners = new Set<JournalListener>()
  const live = createLiveFeed()
  listeners.add(live.onEvent)
  if (settings.PARLEY_TRACE_FILE) listeners.add(traceTurns(settings.PARLEY_TRACE_FILE))
  const host: CallHost = building.use(
    new CallHost({
      ...common,
      media,
      signalling,
      lines: linesFor(store.lines),
      providers,
      journal: tapJournal(store.journal, listeners),
      recordings: store.recordings,
      advertisedHost,
      mediaOf: (name) => mediaOf(trunks.find(name)),
      maxCalls: settings.PARLEY_MAX_CALLS,
      privacyOf: house.privacyOf,
      get skillGroups() {
        return skillGroups.current
      },
      agents: agentsInCalls,
      onUserWords: live.onWords,
      complianceTone: settings.PARLEY_COMPLIANCE_TONE,
      ...(house.machineMessage ? { machineMessage: house.machineMessage } : {}),
    }),
  )
  const fileWorkerUrl = new URL(`./encoding-worker${import.meta.url.slice(-3)}`, import.meta.url)
  const isDraining = () => stopping.signal.aborted
  const metrics = createMetrics({
    liveCalls: () => host.liveCalls,
    isDraining,
    gateways: () => signalling.gatewayStates(),
    sip: () => signalling.counters,
    refusals: () => signalling.refusals,
    freeRtpPorts: () => media.freePorts,
    database: () => store.pool,
    recordings: () => store.recordingBacklog,
    erased: () => store.erasedByRules,
  })
  listeners.add(metrics.observe)
  const api = building.use(
    createApi(
      apiOptions({
        ...common,
        config,
        house,
        identity,
        store,
        signalling,
        control: host,
        live,
        metrics,
        skillGroups,
        extensions,
        refreshPeople,
        isDraining,
        fileWorkerUrl,
      }),
    ),
  )
  const { port: httpPort } = await api.listen({ host: bindHost, port: settings.PARLEY_HTTP_PORT })
  const working = doBackgroundWork(
    {
      clock,
      logger,
      config,
      house,
      identity,
      store,
      providers,
      signalling,
      trunks,
      control: host,
      agentContext: () => agentContext(skillGroups.current),
      refreshPeople,
      httpPort,
      fileWorkerUrl,
    },
    stopping.signal,
  )
  building.defer(async () => {
    stopping.abort()
    signalling.drain()
    await working
  })

  const running = building.move()
  return {
    httpPort,
    sipPort: signalling.localPort,
    listeners,
    recordingPath: (id) => store.recordings.pathFor(id),
    get liveCalls() {
      return host.liveCalls
    },
    async drain(limitMs) {
      stopping.abort()
      signalling.drain()
      const untilMs = clock.nowMs() + limitMs
      while (host.liveCalls > 0 && clock.nowMs() < untilMs) await waitUntil(clock, clock.nowMs() + 100)
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

function tlsBind(settings: Config['settings']) {
  const { PARLEY_SIP_TLS_CERT: certFile, PARLEY_SIP_TLS_KEY: keyFile, PARLEY_SIP_TLS_CA: caFile } = settings
  if (!certFile) return {}
  return { tls: { port: settings.PARLEY_SIP_TLS_PORT, certFile, keyFile, ...(caFile && { caFile }) } }
}
