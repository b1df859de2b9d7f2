import type { CallInInterface, CallSpec, HttpPost, Logger } from '@parley/core'
import { z } from 'zod'

/** Who takes a call, as the server of its number says. Undefined: whoever is configured. */
type CallInAnswer =
  | { readonly kind: 'agent'; readonly agentId: number; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: 'reject'; readonly status: number }
  | undefined

export type CallInDesk = (
  asked: CallInInterface,
  call: Pick<CallSpec, 'callId' | 'caller' | 'callee'>,
  signal: AbortSignal,
) => Promise<CallInAnswer>

/** The caller hears it ring meanwhile. */
const answerWithinMs = 2_000
const answerBytes = 64_000
const longestValue = 4_000

const answerSchema = z.object({
  AIAgentId: z.int().min(1).optional(),
  Variables: z.record(z.string().min(1).max(64), z.string().max(longestValue)).default({}),
  /** SIP status. */
  Reject: z.int().min(400).max(699).optional(),
})

/**
 * Asks the server that is bound to a number (`BindNumberCallInInterface`; docs/call-in.md). One that fails, is late or says
 * what cannot be understood is as one that says nothing. Rejects only with the signal's reason.
 */
export function callInDesk(post: HttpPost, logger: Logger, wallMs: () => number): CallInDesk {
  return async ({ applicationId, url, trunk, number }, { callId, caller, callee }, signal) => {
    const body = JSON.stringify({
      SdkAppId: applicationId,
      SessionId: callId,
      Number: number,
      Caller: caller,
      Callee: callee,
      Timestamp: Math.floor(wallMs() / 1_000),
    })
    const headers = { 'content-type': 'application/json' }
    const answer = await post({ url, headers, body, timeoutMs: answerWithinMs, answerBytes }, signal)
    const refused = (problem: string) => {
      logger.warn('the server of a number does not say who takes a call', { callId, trunk, problem })
      return undefined
    }
    if (answer.kind === 'failed') return refused(answer.reason)
    if (answer.status === 204) return undefined
    if (answer.status !== 200) return refused(`status ${answer.status}`)
    const said = parsed(answer.text)
    if (!said) return refused('not understood')
    const { AIAgentId: agentId, Variables: variables, Reject: status } = said
    if (status !== undefined) return { kind: 'reject', status }
    return agentId === undefined ? undefined : { kind: 'agent', agentId, variables }
  }
}

function parsed(text: string): z.output<typeof answerSchema> | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data
  } catch {
    // Not JSON.
    return undefined
  }
}
