import type { Secret } from './assistant.ts'
import type { ApplicationId } from './ids.ts'

/** The published version of a stored agent. */
export interface StoredAgent {
  /** Unique within its application, never given again. The public API's `AIAgentId`. */
  readonly agentId: number
  readonly name: string
  /** Counts from 1; what a version says never changes. */
  readonly version: number
  /** Fields of `CreateAICall` that an agent keeps, by their names there, and `Tags`; without those in `secrets`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Fields that hold credentials, as the request has them. */
  readonly secrets?: Readonly<Record<string, Secret>>
}

/** Looks up agents. Never crosses applications: a foreign agent is `undefined`. */
export interface StoredAgents {
  /** The published version. @throws VoiceError STORE_FAILED; CONFIG_INVALID when its secrets do not open */
  find(applicationId: ApplicationId, agentId: number): Promise<StoredAgent | undefined>
}

/** What a version of an agent says. */
export type AgentDraft = Pick<StoredAgent, 'name' | 'settings' | 'secrets'>

/** An agent that the configuration declares; its id is below `firstMadeAgentId`. */
export interface DeclaredAgent extends AgentDraft {
  readonly applicationId: ApplicationId
  readonly agentId: number
}

/** Ids from here on are given out; those below belong to the configuration. */
export const firstMadeAgentId = 1_000_000

/** One version and when it was made (Unix ms). */
export interface AgentVersion extends StoredAgent {
  readonly createdAtMs: number
}

/** An agent as its owner sees it: the published version, and what is known of the agent as a whole. */
export interface AgentRecord extends AgentVersion {
  readonly latestVersion: number
  /** Rises with every change; whoever changes the agent names the one seen. */
  readonly revision: number
  /** Belongs to the configuration and cannot be changed here. */
  readonly declared: boolean
}

export type AgentChange =
  /** Makes the next version. Unless `publish`, calls go on with the published one. */
  | { readonly kind: 'put'; readonly draft: AgentDraft; readonly publish: boolean }
  /** Has calls use this version, an earlier one too. */
  | { readonly kind: 'publish'; readonly version: number }
  | { readonly kind: 'delete' }

/** `conflict`: it was changed since the revision that was named. */
export type AgentChangeResult =
  | { readonly kind: 'changed'; readonly agent: AgentRecord }
  | { readonly kind: 'notFound' | 'noSuchVersion' | 'declared' | 'conflict' }

/** Agents and their versions, for those who manage them. Never crosses applications. Throws as `StoredAgents`. */
export interface AgentBook extends StoredAgents {
  get(applicationId: ApplicationId, agentId: number): Promise<AgentRecord | undefined>
  /** By id, rising; `afterId`: those above it. `total` counts all of the application. */
  list(
    applicationId: ApplicationId,
    page: { readonly limit: number; readonly offset?: number; readonly afterId?: number },
  ): Promise<{ readonly total: number; readonly agents: readonly AgentRecord[] }>
  /** Newest first; undefined: no such agent. */
  versions(applicationId: ApplicationId, agentId: number): Promise<readonly AgentVersion[] | undefined>
  create(applicationId: ApplicationId, draft: AgentDraft): Promise<AgentRecord>
  /** `revision` undefined: whatever it is. */
  change(
    applicationId: ApplicationId,
    agentId: number,
    revision: number | undefined,
    change: AgentChange,
  ): Promise<AgentChangeResult>
}
