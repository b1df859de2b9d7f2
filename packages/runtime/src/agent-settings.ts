import { firstMadeAgentId } from '@parley/core'
import { z } from 'zod'
import { type SecretSources, secretFrom } from './trunk-settings/secret-source.ts'

/**
 * Stored agents that the file declares. `settings` are the fields of `CreateAICall`, checked where that action is known;
 * here only what holds credentials is read.
 */
export const agentSettings = (sources: SecretSources) =>
  z.array(
    z.strictObject({
      id: z
        .int('must be a whole number')
        .positive('must be above 0')
        .max(firstMadeAgentId - 1, `must be below ${firstMadeAgentId}: the ids from there on are given out by the API`),
      sdkAppId: z.int('must be a whole number').positive('must be above 0'),
      name: z.string('must be a text').min(1, 'must not be empty').max(100),
      settings: z.looseObject({
        APIKey: secretFrom(sources),
        CustomTTSConfig: secretFrom(sources).exactOptional(),
        CustomSTTConfig: secretFrom(sources).exactOptional(),
        LLMExtraBody: secretFrom(sources).exactOptional(),
      }),
    }),
  )

interface Tenant {
  readonly sdkAppId: number
}

/** What one entry cannot tell by itself: ids are unique within an application, which is one of the file's. */
export function checkAgents(
  agents: readonly (Tenant & { readonly id: number })[],
  applications: readonly Tenant[],
  report: (path: (string | number)[], message: string) => void,
): void {
  for (const [index, { id, sdkAppId }] of agents.entries()) {
    if (!applications.some((one) => one.sdkAppId === sdkAppId)) {
      report(['agents', index, 'sdkAppId'], 'must be one of applications')
    }
    const first = agents.findIndex((other) => other.id === id && other.sdkAppId === sdkAppId)
    if (first < index) report(['agents', index, 'id'], `is that of agents[${first}] of the same application`)
  }
}
