import type { ApplicationId, CallId, CallLimits, NewCall, StoredAgent } from '@parley/core'
import type { Variable } from '../assistant/prompt-variables.ts'
import { callLimits, defaultAcquireS } from '../calls/call-limits.ts'
import { type AgentContext, assistantOf } from './agent-assistant.ts'
import { settingsOf } from './agent-settings.ts'

/** One call to be made with an agent. */
export interface AgentCallRequest {
  readonly callId: CallId
  readonly applicationId: ApplicationId
  readonly callee: string
  /** Candidates; empty: any number of the application. */
  readonly callers?: readonly string[]
  /** Win over the agent's own. */
  readonly variables?: readonly Variable[]
  readonly uui?: string
  /** Win over the agent's own. */
  readonly limits?: CallLimits
  /** How long the request may wait for free concurrency. Undefined: as the agent says, else 5 s. */
  readonly acquireMs?: number
}

/**
 * The call that `CallIntake.create` takes, of an agent's published version. Variables: the agent's own are the defaults.
 *
 * @throws ApiError InvalidParameterValue when the agent cannot be used as it is, or a variable is none
 */
export function agentCall(agent: StoredAgent, request: AgentCallRequest, context: AgentContext): NewCall {
  const { callId, applicationId, callee, callers = [], variables = [], uui, limits, acquireMs } = request
  const settings = settingsOf(agent, context.allowPrivateUrls)
  return {
    callId,
    applicationId,
    callee,
    callers,
    limits: { ...callLimits(settings), ...limits },
    assistant: assistantOf(agent, settings, { callId, applicationId }, variables, context),
    acquireMs: acquireMs ?? (settings.AcquireTimeoutSecond ?? defaultAcquireS) * 1000,
    ...(uui !== undefined && { uui }),
  }
}
