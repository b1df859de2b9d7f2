import { type ApplicationId, type Role, roles } from '@parley/core'

/** Who asks, as far as a route has to know. */
export interface Access {
  readonly role: Role
  /** The only ones whose things exist for this request. */
  readonly applications: ReadonlySet<ApplicationId>
  /** Holds for the whole installation, not for the applications of a key. */
  readonly isInstallation: boolean
  /** For the audit log: the SecretId, or `installation`. */
  readonly actor: string
}

export const mayAct = (role: Role, least: Role): boolean => roles.indexOf(role) >= roles.indexOf(least)

/** Whose things a list may show. */
export const scopeOf = ({ isInstallation, applications }: Access): ReadonlySet<ApplicationId> | 'all' =>
  isInstallation ? 'all' : applications
