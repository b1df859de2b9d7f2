import type { CampaignCallee, CampaignPlan } from '@parley/core'

/** Variables and UUI of one call: a callee's own win over those of the campaign. */
export function mergeCallee(
  plan: Pick<CampaignPlan, 'variables' | 'uui'>,
  callee: Pick<CampaignCallee, 'variables' | 'uui'>,
): { readonly variables: Readonly<Record<string, string>>; readonly uui?: string } {
  const uui = callee.uui ?? plan.uui
  return { variables: { ...plan.variables, ...callee.variables }, ...(uui === undefined ? {} : { uui }) }
}
