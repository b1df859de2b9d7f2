import type { AgentRecord, AgentVersion } from '@parley/core'
import { z } from 'zod'
import { component } from '../management/openapi.ts'
import { variableNames } from './variable-names.ts'

const versionMembers = {
  version: z.int(),
  name: z.string(),
  settings: z
    .record(z.string(), z.unknown())
    .describe('Fields of CreateAICall without those in `secrets`, and `Tags`; see docs/agents.md'),
  secrets: z.array(z.string()).describe('Names of fields that are set and never shown'),
  createdAt: z.string().describe('ISO 8601, of the version'),
}

/** A version of an agent as `/v1` shows it. */
export const agentVersionSchema = component('AgentVersion', z.object(versionMembers))

/** An agent as `/v1` shows it: the version that calls use. */
export const agentSchema = component(
  'Agent',
  z.object({
    id: z.int().describe('AIAgentId'),
    sdkAppId: z.int(),
    ...versionMembers,
    latestVersion: z.int(),
    variables: z.array(z.string()).describe('Placeholders in its texts'),
    declared: z.boolean().describe('true: it belongs to parley.yaml and is not changed here'),
  }),
)

export const versionJson = ({ version, name, settings, secrets = {}, createdAtMs }: AgentVersion) => ({
  version,
  name,
  settings,
  secrets: Object.keys(secrets),
  createdAt: new Date(createdAtMs).toISOString(),
})

export const agentJson = (sdkAppId: number, agent: AgentRecord) => ({
  id: agent.agentId,
  sdkAppId,
  ...versionJson(agent),
  latestVersion: agent.latestVersion,
  variables: variableNames(agent),
  declared: agent.declared,
})
