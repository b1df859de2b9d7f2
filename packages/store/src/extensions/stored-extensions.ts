import {
  type ApplicationId,
  applicationId,
  type Change,
  type Extension,
  type ExtensionAccount,
  type ExtensionBook,
  type ExtensionSettings,
  type Logger,
  type Random,
  Secret,
} from '@parley/core'
import { type Selectable, sql } from 'kysely'
import type { SecretBox } from '../calls/secret-box.ts'
import { type Database, guarded } from '../database/connect.ts'
import { plainText } from '../database/json-text.ts'
import type { Tables } from '../database/tables.ts'
import { changing } from '../management/changed-row.ts'

type Row = Selectable<Tables['extensions']>

interface Options {
  readonly db: Database
  readonly box: SecretBox
  readonly random: Random
  readonly logger: Logger
}

/** Extensions in the database. Every change tells the other processes. Opened passwords are kept: a look costs one query. */
export class StoredExtensions implements ExtensionBook {
  private readonly options: Options
  private opened: ReadonlyMap<string, { readonly sealed: Buffer; readonly password: Secret }> = new Map()

  constructor(options: Options) {
    this.options = options
  }

  async accounts(): Promise<readonly ExtensionAccount[]> {
    const { db } = this.options
    const wanted = db
      .selectFrom('extensions as e')
      .innerJoin('applications as a', 'a.application_id', 'e.application_id')
      .selectAll('e')
      .where('a.enabled', '=', true)
      .orderBy('e.application_id')
      .orderBy('e.extension_id')
    const rows = await guarded(() => wanted.execute())
    const opened = new Map<string, { readonly sealed: Buffer; readonly password: Secret }>()
    const accounts = rows.flatMap((row) => {
      const password = this.open(row)
      if (!password) return []
      opened.set(contextOf(row), { sealed: row.sealed, password })
      return [toAccount(row, password)]
    })
    this.opened = opened
    return accounts
  }

  async list(owner: ApplicationId): Promise<readonly Extension[]> {
    const wanted = this.options.db.selectFrom('extensions').selectAll().where('application_id', '=', owner)
    return (await guarded(() => wanted.orderBy('extension_id').execute())).map(toExtension)
  }

  async account(owner: ApplicationId, extensionId: string): Promise<ExtensionAccount | undefined> {
    const wanted = this.options.db
      .selectFrom('extensions')
      .selectAll()
      .where('application_id', '=', owner)
      .where('extension_id', '=', extensionId)
    const row = await guarded(() => wanted.executeTakeFirst())
    const password = row && this.open(row)
    return row && password && toAccount(row, password)
  }

  create(owner: ApplicationId, extensionId: string, settings: ExtensionSettings): Promise<Change<Extension>> {
    return changing(this.options.db, async (trx) => {
      const row = await trx
        .insertInto('extensions')
        .values({
          application_id: owner,
          extension_id: extensionId,
          name: plainText(settings.name),
          skill_group_ids: [...settings.skillGroupIds],
          relation: plainText(settings.relation),
          sealed: this.drawn(owner, extensionId),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
      return row ? { kind: 'done', value: toExtension(row) } : { kind: 'exists' }
    })
  }

  change(
    owner: ApplicationId,
    extensionId: string,
    { name, skillGroupIds, relation }: Partial<ExtensionSettings>,
  ): Promise<Change<Extension>> {
    return this.update(owner, extensionId, {
      ...(name === undefined ? {} : { name: plainText(name) }),
      ...(skillGroupIds && { skill_group_ids: [...skillGroupIds] }),
      ...(relation === undefined ? {} : { relation: plainText(relation) }),
    })
  }

  resetPassword(owner: ApplicationId, extensionId: string): Promise<Change<Extension>> {
    return this.update(owner, extensionId, { sealed: this.drawn(owner, extensionId) })
  }

  remove(owner: ApplicationId, extensionId: string): Promise<Change<undefined>> {
    return changing(this.options.db, async (trx) => {
      const gone = await trx
        .deleteFrom('extensions')
        .where('application_id', '=', owner)
        .where('extension_id', '=', extensionId)
        .returning('extension_id')
        .executeTakeFirst()
      return gone ? { kind: 'done', value: undefined } : { kind: 'missing' }
    })
  }

  private update(
    owner: ApplicationId,
    extensionId: string,
    to: Partial<Pick<Row, 'name' | 'skill_group_ids' | 'relation' | 'sealed'>>,
  ): Promise<Change<Extension>> {
    return changing(this.options.db, async (trx) => {
      const row = await trx
        .updateTable('extensions')
        .set({ ...to, changed_at: sql<Date>`clock_timestamp()` })
        .where('application_id', '=', owner)
        .where('extension_id', '=', extensionId)
        .returningAll()
        .executeTakeFirst()
      return row ? { kind: 'done', value: toExtension(row) } : { kind: 'missing' }
    })
  }

  /** A new password of 144 random bits, in letters that every telephone can be given. */
  private drawn(owner: number, extensionId: string): Buffer {
    const { box, random } = this.options
    const password = Buffer.from(random.bytes(18)).toString('base64url')
    return box.seal(password, contextOf({ application_id: owner, extension_id: extensionId }))
  }

  /** Undefined: it was sealed with another master key, and the extension is of no use. */
  private open(row: Row): Secret | undefined {
    const context = contextOf(row)
    const known = this.opened.get(context)
    if (known?.sealed.equals(row.sealed)) return known.password
    try {
      return new Secret(this.options.box.open(row.sealed, context))
    } catch {
      this.options.logger.error('an extension does not open with this master key and is not in force', { context })
      return undefined
    }
  }
}

const contextOf = ({ application_id, extension_id }: Pick<Row, 'application_id' | 'extension_id'>): string =>
  `extension:${application_id}:${extension_id}`

const toAccount = (row: Row, password: Secret): ExtensionAccount => ({
  applicationId: applicationId(row.application_id),
  extensionId: row.extension_id,
  // Numbers within an array are given as texts.
  skillGroupIds: row.skill_group_ids.map(Number),
  password,
})

const toExtension = (row: Row): Extension => ({
  applicationId: applicationId(row.application_id),
  extensionId: row.extension_id,
  name: row.name,
  skillGroupIds: row.skill_group_ids.map(Number),
  relation: row.relation,
  createdAtMs: row.created_at.getTime(),
  changedAtMs: row.changed_at.getTime(),
})
