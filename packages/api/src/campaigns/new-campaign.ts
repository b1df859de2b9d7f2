import type { ApplicationId, CampaignCallee, NewCampaign } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import type { AutoCalloutTaskParameters } from './auto-callout-task-parameters.ts'
import { callingWindow } from './calling-window.ts'
import { callTags, campaignTriggers } from './campaign-trigger.ts'

/** Where the request says nothing, and the documents neither. */
const defaultRetryIntervalS = 600

export interface CampaignContext {
  readonly applicationId: ApplicationId
  readonly agentId: number
  readonly allowPrivateUrls: boolean
  /** Of windows without one of their own. */
  readonly defaultZone: string
}

/**
 * The campaign that a request asks for.
 *
 * @throws ApiError InvalidParameterValue
 */
export function newCampaign(
  parameters: AutoCalloutTaskParameters,
  { applicationId, agentId, allowPrivateUrls, defaultZone }: CampaignContext,
): NewCampaign {
  const { NotAfter, UUI: uui, MaxRingTimeoutSecond: ringS, ConcurrencyLimit: concurrencyLimit } = parameters
  const window = callingWindow(parameters, defaultZone)
  return {
    applicationId,
    agentId,
    name: parameters.Name ?? '',
    description: parameters.Description ?? '',
    notBeforeMs: parameters.NotBefore * 1_000,
    ...(NotAfter && { notAfterMs: NotAfter * 1_000 }),
    plan: {
      callers: parameters.Callers,
      variables: variablesOf(parameters.Variables),
      ...(uui && { uui }),
      tries: parameters.Tries ?? 1,
      retryIntervalMs: (parameters.RetryInterval ?? defaultRetryIntervalS) * 1_000,
      retryStatuses: (parameters.RetryHangupTypes ?? []).map(Number),
      retryTags: callTags(parameters.RetryTags),
      ...(ringS && { ringMs: ringS * 1_000 }),
      ...(window && { window }),
      ...(concurrencyLimit && { concurrencyLimit }),
    },
    callees: calleesOf(parameters),
    triggers: campaignTriggers(parameters.TriggerStrategy ?? [], allowPrivateUrls),
  }
}

function calleesOf({ Callees, CalleeAttributes = [] }: AutoCalloutTaskParameters): readonly CampaignCallee[] {
  const named = new Set(Callees)
  const stray = CalleeAttributes.findIndex(({ Callee }) => !named.has(Callee))
  if (stray >= 0) {
    throw invalidValue(`CalleeAttributes.${stray}.Callee`, { en: 'is none of Callees', zh: '不在 Callees 中' })
  }
  const attributes = new Map(CalleeAttributes.map((attribute) => [attribute.Callee, attribute]))
  return Callees.map((callee) => {
    const { UUI: uui, Variables } = attributes.get(callee) ?? {}
    return { callee, ...(uui !== undefined && { uui }), ...(Variables && { variables: variablesOf(Variables) }) }
  })
}

const variablesOf = (variables: AutoCalloutTaskParameters['Variables'] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(variables.map(({ Key, Value }) => [Key.trim(), Value]))
