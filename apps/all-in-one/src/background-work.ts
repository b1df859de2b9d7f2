import type { AgentContext } from '@parley/api'
import { runAfterCallJobs } from '@parley/call'
import { type CallControl, type Clock, type Logger, type ProviderCatalog, VoiceError } from '@parley/core'
import { createRecordingEncoder } from '@parley/media'
import type { Config } from '@parley/runtime'
import type { SipSignalling } from '@parley/sip'
import type { Store } from '@parley/store'
import { runCampaigns } from './campaigns.ts'
import type { Identity } from './data-directory.ts'
import type { House } from './engine-settings.ts'
import type { LiveTrunks } from './live-trunks.ts'
import { deliverPushes } from './pushes.ts'

export interface BackgroundWork {
  readonly clock: Clock
  readonly logger: Logger
  readonly config: Config
  readonly house: House
  readonly identity: Identity
  readonly store: Store
  readonly providers: ProviderCatalog
  readonly signalling: SipSignalling
  readonly trunks: LiveTrunks
  readonly control: Pick<CallControl, 'place'>
  readonly agentContext: () => AgentContext
  /** Makes this process know the skill groups and extensions of the database. */
  readonly refreshPeople: () => Promise<void>
  /** Of the API of this process. */
  readonly httpPort: number
  /** Module of the worker that encodes recordings. */
  readonly fileWorkerUrl: URL
}

/**
 * Everything an engine does that no request asks for: it dials what is due, follows what other engines change, delivers
 * pushes, runs campaigns, works on calls that are over, keeps recordings and the rules of retention. Goes on until
 * `signal` aborts; resolves when what was under way is settled.
 */
export async function doBackgroundWork(work: BackgroundWork, signal: AbortSignal): Promise<void> {
  const { clock, logger, config, house, identity, store, providers, trunks, httpPort } = work
  const control: Pick<CallControl, 'place'> = {
    async place(spec, dialBeforeMs) {
      await trunks.known(spec.trunk, signal)
      if (signal.aborted && !trunks.find(spec.trunk)) throw new VoiceError('SHUTDOWN')
      return work.control.place(spec, dialBeforeMs)
    },
  }
  const { instance, urlSigningKey } = identity
  const { dialing } = house
  const { afterCallJobs: jobs, records } = store
  await Promise.all([
    store.dispatch({ owner: instance, control, unserved: () => trunks.refused, signal }),
    store.followTrunks({ onSnapshot: (snapshot) => trunks.apply(snapshot, work.signalling), signal }),
    store.keys.follow(work.refreshPeople, signal),
    deliverPushes({ house, config, store, clock, urlSigningKey, httpPort, signal }),
    runCampaigns({ store, dialing, context: work.agentContext, logger, signal }),
    runAfterCallJobs({ clock, logger, jobs, records, providers, signal }),
    store.keepRecordings({ encoder: createRecordingEncoder(work.fileWorkerUrl), signal }),
    store.enforceRetention({ signal }),
  ])
}
