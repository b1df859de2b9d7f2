import {
  type AgentBook,
  type AgentChange,
  type AgentChangeResult,
  type AgentDraft,
  type AgentRecord,
  type AgentVersion,
  type ApplicationId,
  firstMadeAgentId,
  type StoredAgent,
  VoiceError,
} from '@parley/core'
import { type Selectable, sql, type Transaction } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import type { Tables } from '../database/tables.ts'
import { openAgentSecrets } from './agent-content.ts'
import { insertVersion } from './insert-version.ts'

type VersionRow = Selectable<Tables['agent_versions']>
type AgentRow = VersionRow & Pick<Selectable<Tables['agents']>, 'declared' | 'latest_version' | 'revision'>

/** Two-part lock keys are apart from those of journals; agents of one application get their ids one after the other. */
const agentIdLock = 7_238

/** Agents in PostgreSQL. A deleted one keeps its row, so that its id is not given again. */
export class StoredAgentBook implements AgentBook {
  private readonly db: Database
  private readonly box: SecretBox

  constructor(db: Database, box: SecretBox) {
    this.db = db
    this.box = box
  }

  async find(applicationId: ApplicationId, agentId: number): Promise<StoredAgent | undefined> {
    const agent = await this.get(applicationId, agentId)
    return agent && versionOf(agent)
  }

  async get(applicationId: ApplicationId, agentId: number): Promise<AgentRecord | undefined> {
    if (!Number.isSafeInteger(agentId)) return undefined
    return guarded(async () => {
      const row = await this.published(applicationId).where('a.agent_id', '=', agentId).executeTakeFirst()
      return row && this.toRecord(row)
    })
  }

  async list(
    applicationId: ApplicationId,
    { limit, offset = 0, afterId = 0 }: { readonly limit: number; readonly offset?: number; readonly afterId?: number },
  ): Promise<{ readonly total: number; readonly agents: readonly AgentRecord[] }> {
    return guarded(async () => {
      const counted = await this.db
        .selectFrom('agents')
        .where('application_id', '=', applicationId)
        .where('deleted_at', 'is', null)
        .select(({ fn }) => fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await this.published(applicationId)
        .where('a.agent_id', '>', afterId)
        .orderBy('a.agent_id')
        .limit(limit)
        .offset(offset)
        .execute()
      return { total: counted.total, agents: rows.map((row) => this.toRecord(row)) }
    })
  }

  async versions(applicationId: ApplicationId, agentId: number): Promise<readonly AgentVersion[] | undefined> {
    if (!Number.isSafeInteger(agentId)) return undefined
    return guarded(async () => {
      const rows = await this.db
        .selectFrom('agent_versions as v')
        .innerJoin('agents as a', (join) =>
          join.onRef('a.application_id', '=', 'v.application_id').onRef('a.agent_id', '=', 'v.agent_id'),
        )
        .selectAll('v')
        .where('v.application_id', '=', applicationId)
        .where('v.agent_id', '=', agentId)
        .where('a.deleted_at', 'is', null)
        .orderBy('v.version', 'desc')
        .execute()
      return rows.length > 0 ? rows.map((row) => this.toVersion(row)) : undefined
    })
  }

  async create(applicationId: ApplicationId, draft: AgentDraft): Promise<AgentRecord> {
    return guarded(() =>
      this.db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${agentIdLock}, hashint8(${applicationId}))`.execute(trx)
        const { rows } = await sql<{ agentId: number }>`
          insert into agents (application_id, agent_id, declared, version, latest_version)
          select ${applicationId}, greatest(coalesce(max(agent_id), 0), ${firstMadeAgentId - 1}) + 1, false, 1, 1
          from agents where application_id = ${applicationId}
          returning agent_id as "agentId"`.execute(trx)
        const agentId = rows[0]?.agentId ?? 0
        await insertVersion(trx, this.box, { applicationId, agentId }, 1, draft)
        return this.readBack(trx, applicationId, agentId)
      }),
    )
  }

  async change(
    applicationId: ApplicationId,
    agentId: number,
    revision: number | undefined,
    change: AgentChange,
  ): Promise<AgentChangeResult> {
    if (!Number.isSafeInteger(agentId)) return { kind: 'notFound' }
    return guarded(() =>
      this.db.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('agents')
          .selectAll()
          .where('application_id', '=', applicationId)
          .where('agent_id', '=', agentId)
          .where('deleted_at', 'is', null)
          .forUpdate()
          .executeTakeFirst()
        if (!row) return { kind: 'notFound' }
        if (row.declared) return { kind: 'declared' }
        if (revision !== undefined && revision !== row.revision) return { kind: 'conflict' }
        return this.apply(trx, applicationId, row, change)
      }),
    )
  }

  private async apply(
    trx: Transaction<Tables>,
    applicationId: ApplicationId,
    row: Selectable<Tables['agents']>,
    change: AgentChange,
  ): Promise<AgentChangeResult> {
    const own = { applicationId, agentId: row.agent_id }
    const write = async (set: { version?: number; latest_version?: number; deleted_at?: Date }) => {
      // The record of a deleted agent is the last thing seen of it.
      const last = set.deleted_at ? await this.readBack(trx, applicationId, row.agent_id) : undefined
      await trx
        .updateTable('agents')
        .set({ ...set, revision: row.revision + 1 })
        .where('application_id', '=', applicationId)
        .where('agent_id', '=', row.agent_id)
        .execute()
      return { kind: 'changed', agent: last ?? (await this.readBack(trx, applicationId, row.agent_id)) } as const
    }
    switch (change.kind) {
      case 'put': {
        const next = row.latest_version + 1
        await insertVersion(trx, this.box, own, next, change.draft)
        return write({ latest_version: next, ...(change.publish ? { version: next } : {}) })
      }
      case 'publish':
        // Versions are numbered without gaps.
        if (change.version < 1 || change.version > row.latest_version) return { kind: 'noSuchVersion' }
        return write({ version: change.version })
      case 'delete': {
        const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(trx)
        return write({ deleted_at: rows[0]?.now ?? new Date(0) })
      }
      default:
        return change satisfies never
    }
  }

  private published(applicationId: ApplicationId, db: Database = this.db) {
    return db
      .selectFrom('agents as a')
      .innerJoin('agent_versions as v', (join) =>
        join
          .onRef('v.application_id', '=', 'a.application_id')
          .onRef('v.agent_id', '=', 'a.agent_id')
          .onRef('v.version', '=', 'a.version'),
      )
      .selectAll('v')
      .select(['a.declared', 'a.latest_version', 'a.revision'])
      .where('a.application_id', '=', applicationId)
      .where('a.deleted_at', 'is', null)
  }

  private async readBack(trx: Transaction<Tables>, applicationId: ApplicationId, agentId: number) {
    const row = await this.published(applicationId, trx).where('a.agent_id', '=', agentId).executeTakeFirst()
    if (!row) throw new VoiceError('STORE_FAILED', { detail: 'an agent that was just written is not there' })
    return this.toRecord(row)
  }

  private toRecord(row: AgentRow): AgentRecord {
    return {
      ...this.toVersion(row),
      latestVersion: row.latest_version,
      revision: row.revision,
      declared: row.declared,
    }
  }

  private toVersion(row: VersionRow): AgentVersion {
    const key = { applicationId: row.application_id, agentId: row.agent_id }
    return {
      agentId: row.agent_id,
      name: row.name,
      version: row.version,
      settings: row.settings,
      secrets: openAgentSecrets(this.box, key, row.version, row.sealed),
      createdAtMs: row.created_at.getTime(),
    }
  }
}

const versionOf = ({ agentId, name, version, settings, secrets }: AgentRecord): StoredAgent => ({
  agentId,
  name,
  version,
  settings,
  ...(secrets && { secrets }),
})
