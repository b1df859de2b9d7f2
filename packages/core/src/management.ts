import type { Secret } from './assistant.ts'
import type { ApplicationId } from './ids.ts'

/** What a key may do; each may what the ones before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** A key that is in force. */
export interface ActingKey {
  readonly secretId: string
  readonly secretKey: Secret
  readonly role: Role
  readonly applicationId: ApplicationId
}

/** Keys as every process has to know them. */
export interface KeyDirectory {
  /** Every application, and every key in force that is not of the configuration. */
  current(): Promise<{ readonly applications: readonly ApplicationId[]; readonly keys: readonly ActingKey[] }>
  /** Calls `look` when something may have changed, and now and then, until `signal` aborts. Never rejects. */
  follow(look: () => Promise<void>, signal: AbortSignal): Promise<void>
  /** These keys have just been used. */
  noteUse(secretIds: readonly string[]): Promise<void>
}

/** A tenant. Instants are Unix ms. */
export interface Application {
  readonly applicationId: ApplicationId
  readonly name: string
  /** Of the configuration, which alone changes it. */
  readonly declared: boolean
  /** Keys of one that is not act for nobody. */
  readonly enabled: boolean
  /** Rises with each change. */
  readonly version: number
  readonly createdAtMs: number
}

/** A key without its secret. */
export interface KeyFacts {
  readonly secretId: string
  readonly applicationId: ApplicationId
  readonly name: string
  readonly role: Role
  readonly declared: boolean
  readonly enabled: boolean
  readonly version: number
  readonly createdAtMs: number
  /** From then on it is as if it were not there. */
  readonly expiresAtMs?: number
  /** To about a minute. */
  readonly lastUsedAtMs?: number
}

/** A new key; nobody is shown its secret again. */
export interface NewKey {
  readonly key: KeyFacts
  readonly secretKey: Secret
}

/** `changed`: the thing has another version. `declared`: it is the configuration's. `exists`: its id is taken. */
export type Change<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'missing' | 'changed' | 'declared' | 'exists' }

/** The version a change was made for; `*`: whatever it is. */
export type ExpectedVersion = number | '*'

/** Applications and their keys. Nothing here crosses applications: ids of another one's keys are missing. */
export interface ApplicationRegistry {
  /** By id, those after `afterId`, among `of` (`all`: every one). */
  list(of: ReadonlySet<ApplicationId> | 'all', afterId: number, limit: number): Promise<readonly Application[]>
  find(id: ApplicationId): Promise<Application | undefined>
  /** `applicationId` absent: one is chosen. */
  create(wanted: { readonly applicationId?: ApplicationId; readonly name: string }): Promise<Change<Application>>
  change(
    id: ApplicationId,
    version: ExpectedVersion,
    to: { readonly name?: string; readonly enabled?: boolean },
  ): Promise<Change<Application>>
  /** By SecretId, those after `afterId`. */
  keys(id: ApplicationId, afterId: string, limit: number): Promise<readonly KeyFacts[]>
  key(id: ApplicationId, secretId: string): Promise<KeyFacts | undefined>
  createKey(id: ApplicationId, wanted: Pick<KeyFacts, 'name' | 'role' | 'expiresAtMs'>): Promise<Change<NewKey>>
  changeKey(
    id: ApplicationId,
    secretId: string,
    version: ExpectedVersion,
    to: { readonly name?: string; readonly role?: Role; readonly enabled?: boolean },
  ): Promise<Change<KeyFacts>>
  /** A new key in place of this one, which goes on for `graceMs`. */
  rotateKey(id: ApplicationId, secretId: string, graceMs: number): Promise<Change<NewKey>>
  deleteKey(id: ApplicationId, secretId: string): Promise<Change<undefined>>
}

/** One change by the management API. `details`: what the request asked for, without secrets. */
export interface AuditEntry {
  /** UUID. */
  readonly id: string
  /** Unix microseconds. */
  readonly atUs: number
  /** SecretId, or `installation`. */
  readonly actor: string
  /** Whose things; absent: the installation's. */
  readonly applicationId?: ApplicationId
  /** Of the OpenAPI document, e.g. `postApplications`. */
  readonly operation: string
  /** Address of what was changed. */
  readonly target: string
  readonly details: Readonly<Record<string, unknown>>
  /** `begun`: under way, or the engine ended before it knew. `failed`: by a fault, perhaps half way. */
  readonly outcome: 'begun' | 'done' | 'refused' | 'failed'
}

/** Written before a change and settled after it, so that no end of a process leaves a change without its entry. */
export interface AuditLog {
  /** The id of the entry, `begun`. @throws nothing may be changed then */
  begin(entry: Omit<AuditEntry, 'id' | 'atUs' | 'outcome'>): Promise<string>
  /** `target`: where what was made is. */
  settle(id: string, outcome: Exclude<AuditEntry['outcome'], 'begun'>, target?: string): Promise<void>
  /** The latest first, those before `place`, of `of` (`all`: every entry). */
  list(
    of: ReadonlySet<ApplicationId> | 'all',
    place: Pick<AuditEntry, 'id' | 'atUs'> | undefined,
    limit: number,
  ): Promise<readonly AuditEntry[]>
}
