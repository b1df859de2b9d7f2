import type {
  Calendar,
  CallOutcome,
  CampaignAttempt,
  CampaignPlacement,
  CampaignProgress,
  CampaignState,
  NewCampaign,
} from '@parley/core'
import type { Store } from '../../src/index.ts'
import { eventually } from './real-time.ts'
import { event, newCall, stranger, tenant } from './sample-calls.ts'
import { ask } from './test-database.ts'

export const calendar: Calendar = { holidays: new Set(), workingDays: new Set() }
const numbersOf = (count: number) => Array.from({ length: count }, (_, n) => `+4930${String(5_000_000 + n)}`)

export function newCampaign(
  callees: number | readonly string[],
  plan: Partial<NewCampaign['plan']> = {},
  change: Partial<NewCampaign> = {},
): NewCampaign {
  const numbers = typeof callees === 'number' ? numbersOf(callees) : callees
  return {
    applicationId: tenant,
    name: 'spring',
    description: '',
    agentId: 1,
    notBeforeMs: 0,
    plan: {
      callers: [],
      variables: {},
      tries: 1,
      retryIntervalMs: 600_000,
      retryStatuses: [],
      retryTags: [],
      ...plan,
    },
    callees: numbers.map((callee) => ({ callee })),
    triggers: [],
    ...change,
  }
}

export const busy: CallOutcome = { kind: 'unanswered', reason: 'busy' }
export const talked: CallOutcome = { kind: 'completed', by: 'user' }

/** Status numbers as the API has them, for the outcomes of these tests. */
export const statusOf = (outcome: CallOutcome): number =>
  outcome.kind === 'completed' ? 1 : outcome.kind === 'unanswered' && outcome.reason === 'busy' ? 206 : 208

export type Answer = (callee: string, nth: number) => CallOutcome | 'talks on'

/**
 * An engine that makes calls of campaigns; each ends at once as `answer` says, or talks on. Disposing stops it.
 */
export function startCampaignEngine(
  store: Store,
  {
    answer,
    place = placedBy(store),
    owner = 'engine',
  }: {
    readonly answer: Answer
    readonly place?: (attempt: CampaignAttempt) => Promise<CampaignPlacement>
    readonly owner?: string
  },
) {
  const stop = new AbortController()
  const dialled: string[] = []
  const { signal } = stop
  const dispatching = store.dispatch({
    owner,
    signal,
    control: {
      place: async ({ callId, callee }) => {
        dialled.push(callee)
        const outcome = answer(callee, dialled.filter((one) => one === callee).length)
        if (outcome === 'talks on') return
        const answered = outcome.kind === 'completed' ? [event(callId, 0, Date.now(), { type: 'call.answered' })] : []
        await store.journal.append([...answered, event(callId, 1, Date.now(), { type: 'call.ended', outcome })])
      },
    },
  })
  const running = store.runCampaigns({ calendar, statusOf, place, signal })
  return {
    dialled,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all([dispatching, running])
    },
  }
}

export const placedBy =
  (store: Store) =>
  async ({ callId, callee, applicationId }: CampaignAttempt): Promise<CampaignPlacement> => {
    const outcome = await store.intake.create(newCall({ callId, callee, applicationId, acquireMs: 2_000 }))
    return { kind: outcome.kind === 'accepted' ? 'taken' : 'noCapacity' }
  }

export const inState = (store: Store, campaignId: number, state: CampaignState, limitMs = 20_000) =>
  eventually(async () => (await store.campaigns.find(tenant, campaignId))?.state === state, limitMs)

export const counted = (store: Store, campaignId: number, wanted: Partial<CampaignProgress>) =>
  eventually(async () => {
    const progress = await store.campaigns.progress(tenant, campaignId)
    return (
      progress && Object.entries(wanted).every(([name, value]) => Reflect.get(progress, name) === value) && progress
    )
  }, 20_000)

/** Lets time pass for what waits in campaigns, and says so to the engines. */
export async function pass(url: string, seconds: number): Promise<void> {
  const shift = 'due_at - make_interval(secs => $1)'
  await ask(url, `update campaign_callees set due_at = ${shift} where state = 'retrying'`, [seconds])
  await ask(url, `update campaigns set due_at = ${shift} where due_at < 'infinity'`, [seconds])
  await ask(url, 'update campaign_attempts set begun_at = begun_at - make_interval(secs => $1)', [seconds])
  await ask(url, "select pg_notify('parley_campaign', '')")
}

export const everybody = { applications: [{ applicationId: tenant }, { applicationId: stranger }] }
