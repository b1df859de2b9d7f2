import type { ApplicationId, TrunkRegistry, TrunkSettings } from '@parley/core'

/** One address of a gateway, as this process sees it. */
interface GatewayHealth {
  readonly transport: string
  readonly host: string
  readonly port: number
  readonly isUp: boolean
  readonly answers: number
  readonly failures: number
  readonly lastFailure?: string
}

/** How a trunk does on this process. */
export interface TrunkHealth {
  /** Absent: the trunk does not register. */
  readonly registration?: { readonly isRegistered: boolean; readonly lastFailure?: string }
  readonly gateways: readonly GatewayHealth[]
}

/** Trunks and numbers that are managed by `/v1`. */
export interface TrunkManagement {
  readonly registry: TrunkRegistry
  /** Reads what a client says of a trunk. `stored`: as it was; secrets that are left out stay. */
  readonly read: (
    described: unknown,
    stored?: TrunkSettings,
  ) =>
    | { readonly settings: TrunkSettings }
    | { readonly problems: readonly { readonly field: string; readonly detail: string }[] }
  /** Entries of `assistants` in the configuration file that are this application's. */
  readonly assistantsOf: (owner: ApplicationId) => readonly string[]
  /** By its name. */
  readonly healthOf: (trunk: string) => TrunkHealth
}
