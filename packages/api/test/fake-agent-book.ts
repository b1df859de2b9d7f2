import type {
  AgentBook,
  AgentChange,
  AgentChangeResult,
  AgentDraft,
  AgentRecord,
  AgentVersion,
  ApplicationId,
  StoredAgent,
} from '@parley/core'
import { agentDraft } from '../src/agents/agent-settings.ts'

/** The smallest agent. */
export const someAgent = agentDraft(
  'sales',
  { LLMType: 'openai', APIKey: 'sk-agent-secret', APIUrl: 'http://127.0.0.1:9/v1' },
  true,
)

interface Kept {
  readonly applicationId: number
  readonly agentId: number
  readonly declared: boolean
  readonly drafts: readonly AgentDraft[]
  readonly version: number
  readonly revision: number
}

/** Agents in memory. */
export class FakeAgentBook implements AgentBook {
  private kept: Kept[] = []
  private lastId = 1_000_000
  failure: Error | undefined

  add(applicationId: number, agentId: number, draft: AgentDraft, declared = false): void {
    this.kept.push({ applicationId, agentId, declared, drafts: [draft], version: 1, revision: 1 })
  }

  async find(applicationId: ApplicationId, agentId: number): Promise<StoredAgent | undefined> {
    return this.get(applicationId, agentId)
  }

  async get(applicationId: ApplicationId, agentId: number): Promise<AgentRecord | undefined> {
    if (this.failure) throw this.failure
    const found = this.own(applicationId).find((agent) => agent.agentId === agentId)
    return found && shown(found)
  }

  async list(applicationId: ApplicationId, { limit, offset = 0, afterId = 0 }: Parameters<AgentBook['list']>[1]) {
    if (this.failure) throw this.failure
    const own = this.own(applicationId).toSorted((a, b) => a.agentId - b.agentId)
    const after = own.filter(({ agentId }) => agentId > afterId)
    return { total: own.length, agents: after.slice(offset, offset + limit).map(shown) }
  }

  async versions(applicationId: ApplicationId, agentId: number): Promise<readonly AgentVersion[] | undefined> {
    const found = this.own(applicationId).find((agent) => agent.agentId === agentId)
    return found?.drafts.map((_, index) => versionOf(found, index + 1)).toReversed()
  }

  async create(applicationId: ApplicationId, draft: AgentDraft): Promise<AgentRecord> {
    if (this.failure) throw this.failure
    this.lastId += 1
    this.add(applicationId, this.lastId, draft)
    return shown(this.own(applicationId).at(-1) as Kept)
  }

  async change(
    applicationId: ApplicationId,
    agentId: number,
    revision: number | undefined,
    change: AgentChange,
  ): Promise<AgentChangeResult> {
    const found = this.own(applicationId).find((agent) => agent.agentId === agentId)
    if (!found) return { kind: 'notFound' }
    if (found.declared) return { kind: 'declared' }
    if (revision !== undefined && revision !== found.revision) return { kind: 'conflict' }
    if (change.kind === 'publish' && !found.drafts[change.version - 1]) return { kind: 'noSuchVersion' }
    const drafts = change.kind === 'put' ? [...found.drafts, change.draft] : found.drafts
    const version =
      change.kind === 'publish'
        ? change.version
        : change.kind === 'put' && change.publish
          ? drafts.length
          : found.version
    const next = { ...found, drafts, version, revision: found.revision + 1 }
    this.kept = this.kept.filter((agent) => agent !== found)
    if (change.kind !== 'delete') this.kept.push(next)
    return { kind: 'changed', agent: shown(next) }
  }

  private own(applicationId: number): readonly Kept[] {
    return this.kept.filter((agent) => agent.applicationId === applicationId)
  }
}

function versionOf({ agentId, drafts }: Kept, version: number): AgentVersion {
  return { ...(drafts[version - 1] as AgentDraft), agentId, version, createdAtMs: 1_750_000_000_000 + version }
}

const shown = (kept: Kept): AgentRecord => ({
  ...versionOf(kept, kept.version),
  latestVersion: kept.drafts.length,
  revision: kept.revision,
  declared: kept.declared,
})
