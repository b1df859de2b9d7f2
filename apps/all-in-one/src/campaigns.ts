import { type AgentContext, agentCall, endStatusOf } from '@parley/api'
import type { CallIntake, CampaignAttempt, CampaignPlacement, Logger, StoredAgents } from '@parley/core'
import { toVoiceError } from '@parley/core'
import type { Store } from '@parley/store'
import { calendarOf } from './dial-rules.ts'
import type { House } from './engine-settings.ts'

/** How long a call of a campaign may wait for a line before somebody else's turn comes. Taste. */
const acquireMs = 5_000

interface Placing {
  readonly agents: StoredAgents
  readonly intake: Pick<CallIntake, 'create'>
  readonly context: AgentContext
  readonly logger: Logger
}

export interface CampaignHouse {
  readonly store: Pick<Store, 'agents' | 'intake' | 'runCampaigns'>
  readonly dialing: House['dialing']
  /** Asked for each call: skill groups come and go. */
  readonly context: () => AgentContext
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** Makes the calls of campaigns until `signal` aborts and what is under way is settled. Never rejects. */
export function runCampaigns({ store, dialing, context, logger, signal }: CampaignHouse): Promise<void> {
  const { agents, intake } = store
  return store.runCampaigns({
    calendar: calendarOf(dialing),
    place: (attempt) => placeAttempt(attempt, { agents, intake, context: context(), logger }),
    statusOf: (outcome, wasAnswered) => endStatusOf(outcome, wasAnswered).endStatus,
    signal,
  })
}

/** Makes one call through the same intake as every other call. @throws what the ports throw; there may be a call then */
async function placeAttempt(
  attempt: CampaignAttempt,
  { agents, intake, context, logger }: Placing,
): Promise<CampaignPlacement> {
  const { callId, applicationId, callee, plan, uui } = attempt
  const agent = await agents.find(applicationId, attempt.agentId)
  if (!agent) return { kind: 'halt', reason: 'noAgent' }
  const { ringMs } = plan
  const call = callOf(() =>
    agentCall(
      agent,
      {
        callId,
        applicationId,
        callee,
        callers: plan.callers,
        variables: Object.entries(attempt.variables).map(([Key, Value]) => ({ Key, Value })),
        limits: ringMs === undefined ? {} : { ringMs },
        acquireMs,
        ...(uui === undefined ? {} : { uui }),
      },
      context,
    ),
  )
  if (call instanceof Error) {
    logger.warn('the agent of a campaign cannot be used', { campaignId: attempt.campaignId, error: call.message })
    return { kind: 'halt', reason: 'noAgent' }
  }
  const outcome = await intake.create(call)
  if (outcome.kind === 'accepted') return { kind: 'taken' }
  switch (outcome.reason) {
    case 'noNumber':
      return { kind: 'halt', reason: 'noNumber' }
    case 'noCapacity':
    case 'keyReused':
      return { kind: 'noCapacity' }
    case 'forbidden': {
      const { reason, retryAtMs } = outcome.refusal
      if (retryAtMs !== undefined) return { kind: 'later', atMs: retryAtMs }
      return { kind: 'barred', status: barredStatuses[reason] }
    }
    default:
      return outcome satisfies never
  }
}

/** End statuses of the public API. */
const barredStatuses = { doNotCall: 108, tooManyToday: 109, tooSoon: 109, notWorkingTime: 111 } as const

function callOf<T>(make: () => T): T | Error {
  try {
    return make()
  } catch (error) {
    return toVoiceError(error, 'INTERNAL')
  }
}
