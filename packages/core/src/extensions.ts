import type { Secret } from './assistant.ts'
import type { ApplicationId } from './ids.ts'
import type { Change } from './management.ts'

/** What an extension says of itself. */
export interface ExtensionSettings {
  readonly name: string
  /** Groups whose calls ring it, after the targets of the group. */
  readonly skillGroupIds: readonly number[]
  /** Whose it is, e.g. a mail address. */
  readonly relation: string
}

/** A SIP account of a telephone. Instants are Unix ms. */
export interface Extension extends ExtensionSettings {
  readonly applicationId: ApplicationId
  /** Unique within the application. */
  readonly extensionId: string
  readonly createdAtMs: number
  readonly changedAtMs: number
}

/** What a registrar needs of an extension. */
export interface ExtensionAccount extends Pick<Extension, 'applicationId' | 'extensionId' | 'skillGroupIds'> {
  readonly password: Secret
}

/** Extensions made by the API. Another application's extension is missing. */
export interface ExtensionBook {
  /** Of every application. */
  accounts(): Promise<readonly ExtensionAccount[]>
  /** By id. */
  list(owner: ApplicationId): Promise<readonly Extension[]>
  account(owner: ApplicationId, extensionId: string): Promise<ExtensionAccount | undefined>
  /** Draws a password. `exists`: the application has one of this id. */
  create(owner: ApplicationId, extensionId: string, settings: ExtensionSettings): Promise<Change<Extension>>
  change(owner: ApplicationId, extensionId: string, to: Partial<ExtensionSettings>): Promise<Change<Extension>>
  /** Draws another password. */
  resetPassword(owner: ApplicationId, extensionId: string): Promise<Change<Extension>>
  remove(owner: ApplicationId, extensionId: string): Promise<Change<undefined>>
}

/** Four to six digits, of which the first is 1 to 8. */
export const extensionForm: RegExp = /^[1-8][0-9]{3,5}$/

/**
 * SIP domain of an application's extensions: tells those of two applications apart. No name server knows it, so telephones
 * need the outbound proxy.
 */
export const extensionDomain = (applicationId: ApplicationId): string => `${applicationId}.parley.internal`

/** Name by which legs to and from the extensions of an application go instead of a trunk's; no trunk can have it. */
export const extensionTrunk = (applicationId: ApplicationId): string => `extensions/${applicationId}`
