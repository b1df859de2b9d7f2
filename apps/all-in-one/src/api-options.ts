import type { ApiOptions, MetricsAccess } from '@parley/api'
import { type Clock, type Logger, type Random, Secret } from '@parley/core'
import { createSoundDecoder } from '@parley/media'
import { createPinnedFile } from '@parley/providers'
import type { Config } from '@parley/runtime'
import type { SipSignalling } from '@parley/sip'
import type { Store } from '@parley/store'
import type { Identity } from './data-directory.ts'
import type { House } from './engine-settings.ts'
import { extensionServices, type LiveExtensions } from './live-extensions.ts'
import { metricsAccess } from './metrics-access.ts'
import { readiness } from './readiness.ts'
import { callerNumbers, trunkManagement } from './trunk-management.ts'

/** The parts of an engine that its API serves from. */
export interface ApiParts extends Pick<ApiOptions, 'control'> {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly config: Config
  readonly house: House
  readonly identity: Identity
  readonly store: Store
  readonly signalling: SipSignalling
  readonly live: ApiOptions['liveEvents']
  readonly metrics: Omit<MetricsAccess, 'access'>
  readonly skillGroups: ApiOptions['skillGroupDesk']
  readonly extensions: LiveExtensions
  /** Makes this process know the skill groups and extensions of the database. */
  readonly refreshPeople: () => Promise<void>
  readonly isDraining: () => boolean
  /** Module of the worker that decodes uploaded files. */
  readonly fileWorkerUrl: URL
}

/** What the public API of an engine is given. */
export function apiOptions(parts: ApiParts): ApiOptions {
  const { clock, random, logger, config, house, identity, store, signalling, control, isDraining } = parts
  const { settings, allowPrivateUrls } = config
  const gateways = () => signalling.gatewayStates()
  const access = metricsAccess(settings.PARLEY_BIND_HOST, settings.PARLEY_METRICS_TOKEN)
  return {
    clock,
    random,
    logger,
    control,
    applications: house.applications,
    intake: store.intake,
    records: store.records,
    eventLog: store.eventLog,
    liveEvents: parts.live,
    recordings: store.recordings,
    pushes: store.pushes,
    webhooks: store.webhooks,
    erasure: store.erasure,
    sounds: {
      library: store.sounds,
      decoder: createSoundDecoder(parts.fileWorkerUrl, clock),
      fetchFile: createPinnedFile({ clock, allowPrivate: allowPrivateUrls }),
    },
    management: store,
    skillGroupDesk: parts.skillGroups,
    // Telephones register with the embedded stack alone.
    ...(config.drachtio ? {} : { extensions: extensionServices(parts.extensions, parts.refreshPeople, signalling) }),
    ...(settings.PARLEY_ADMIN_TOKEN ? { adminToken: new Secret(settings.PARLEY_ADMIN_TOKEN) } : {}),
    agents: store.agents,
    campaigns: store.campaigns,
    doNotCall: store.doNotCall,
    defaultZone: house.dialing.calendar.timeZone,
    urlSigningKey: identity.urlSigningKey,
    allowPrivateUrls,
    turnDefaults: house.turnTaking,
    trunks: trunkManagement(store.trunks, signalling, house.assistants ?? {}, allowPrivateUrls),
    numbers: (application) => callerNumbers(store.trunks, application),
    ...(settings.PARLEY_PUBLIC_URL ? { publicUrl: settings.PARLEY_PUBLIC_URL } : {}),
    readiness: () => readiness({ clock, isDraining, gateways, pingDatabase: () => store.ping() }),
    ...(settings.PARLEY_METRICS === 'on' ? { metrics: { ...parts.metrics, access } } : {}),
  }
}
