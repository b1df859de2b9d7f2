import type { CallInInterface } from './call-in.ts'
import type { ApplicationId } from './ids.ts'
import type { Change, ExpectedVersion } from './management.ts'

/** Settings of a trunk as `docs/trunks.md` has them, without its name and numbers. Credentials are `Secret`s. */
export type TrunkSettings = Readonly<Record<string, unknown>>

/** A trunk as those see it who may use it. */
export interface ManagedTrunk {
  /** The public API's SipTrunkId. */
  readonly trunkId: number
  /** By which calls name it; of a trunk made at run time it begins with its application. */
  readonly name: string
  /** Whose it is. Undefined: it is shared, settings and the traffic of others are not shown. */
  readonly applicationId?: ApplicationId
  /** It stands in the configuration file, which alone can change it. */
  readonly isDeclared: boolean
  readonly isEnabled: boolean
  readonly version: number
  /** Without secrets. Empty for a shared trunk. */
  readonly settings: TrunkSettings
  /** Calls in progress, of the asking applications. */
  readonly callsNow: number
}

/** A number of an application, own or shared. */
export interface ManagedNumber {
  readonly numberId: number
  readonly number: string
  readonly trunkId: number
  readonly trunk: string
  /** The application that asks. */
  readonly applicationId: ApplicationId
  readonly isDeclared: boolean
  /** False: this application neither dials with it nor takes its calls. */
  readonly isEnabled: boolean
  readonly version: number
  readonly settings: NumberSettings
  /** Skill groups bound to it. */
  readonly skillGroupIds: readonly number[]
  /**
   * Origin of the server that is asked who takes its calls, as `https://desk.example.com`; what follows may be a secret.
   * Undefined: nobody is asked.
   */
  readonly callInServer?: string
  readonly callsNow: number
}

export interface NumberSettings {
  /** Calls at a time. Undefined: as many as the trunk may have. */
  readonly maxConcurrent?: number
  /** Calls started per second. */
  readonly maxCps?: number
  /** Calls to it are taken. */
  readonly inbound: boolean
  /** It may be shown as caller. */
  readonly outbound: boolean
  /** Entry of `assistants` in the configuration file that takes its calls. */
  readonly assistant?: string
}

/** What a change made, or why it was not made; `inUse`: by what `by` says. */
export type Registered<Value> = Change<Value> | { readonly kind: 'inUse'; readonly by: string }
export type RegistryRefusal = Exclude<Registered<never>, { readonly kind: 'done' }>

export interface RegistryPage {
  readonly applicationIds: readonly ApplicationId[]
  /** Id of the last one of the page before. */
  readonly after?: number | undefined
  readonly limit: number
}

/** A number to be made or changed on a trunk. */
export interface NewNumber {
  readonly number: string
  readonly settings: NumberSettings
}

/**
 * Trunks and numbers that are managed at run time, and those of the file as far as applications see them. Nothing crosses
 * applications: what is another's is `missing`. A change reaches every engine at once, or within seconds when a notice is lost.
 */
export interface TrunkRegistry {
  listTrunks(page: RegistryPage): Promise<readonly ManagedTrunk[]>
  findTrunk(owners: readonly ApplicationId[], trunkId: number): Promise<ManagedTrunk | undefined>
  /** With its secrets. Undefined: there is none of these applications. */
  trunkSettings(owners: readonly ApplicationId[], trunkId: number): Promise<TrunkSettings | undefined>
  createTrunk(owner: ApplicationId, name: string, settings: TrunkSettings): Promise<Registered<ManagedTrunk>>
  replaceTrunk(
    owners: readonly ApplicationId[],
    trunkId: number,
    expected: ExpectedVersion,
    settings: TrunkSettings,
  ): Promise<Registered<ManagedTrunk>>
  enableTrunk(owners: readonly ApplicationId[], trunkId: number, isEnabled: boolean): Promise<Registered<ManagedTrunk>>
  /** Refused while it has numbers or calls. */
  removeTrunk(
    owners: readonly ApplicationId[],
    trunkId: number,
    expected: ExpectedVersion,
  ): Promise<Registered<undefined>>

  listNumbers(page: RegistryPage): Promise<readonly ManagedNumber[]>
  findNumber(owners: readonly ApplicationId[], numberId: number): Promise<ManagedNumber | undefined>
  /** `missing`: there is no such trunk. All of them or none. */
  createNumbers(
    owner: ApplicationId,
    trunkId: number,
    numbers: readonly NewNumber[],
  ): Promise<Registered<readonly ManagedNumber[]>>
  replaceNumber(
    owners: readonly ApplicationId[],
    numberId: number,
    expected: ExpectedVersion,
    settings: NumberSettings,
  ): Promise<Registered<ManagedNumber>>
  /** Refused while it has calls. */
  removeNumber(
    owners: readonly ApplicationId[],
    numberId: number,
    expected: ExpectedVersion,
  ): Promise<Registered<undefined>>
  /** For these applications alone, also when others share the number. Returns those that are none of theirs; then nothing is changed. */
  enableNumbers(
    owners: readonly ApplicationId[],
    numbers: readonly string[],
    isEnabled: boolean,
  ): Promise<readonly string[]>
  /** Binds skill groups to a number of the application, or unbinds them. False: it is none of its numbers. */
  bindSkillGroups(
    owner: ApplicationId,
    number: string,
    skillGroupIds: readonly number[],
    isBound: boolean,
  ): Promise<boolean>
  /**
   * Lets the server at `url` say who takes the calls to a number; undefined: as it is configured again. False: it is no number that the
   * application has for itself alone.
   */
  bindCallIn(owner: ApplicationId, number: string, url: string | undefined): Promise<boolean>
}

/** A trunk made at run time, as an engine needs it. */
export interface RunTimeTrunk {
  readonly name: string
  readonly applicationId: ApplicationId
  /** Rises with each change of the trunk or its numbers. */
  readonly stamp: string
  /** With its secrets. */
  readonly settings: TrunkSettings
  /** Those whose calls are taken. */
  readonly numbers: readonly NewNumber[]
}

/** What engines follow: enabled trunks of run time in the order they were made, and what was switched off. */
export interface TrunkSnapshot {
  /** Applications that take no new calls. */
  readonly switchedOff: readonly ApplicationId[]
  readonly trunks: readonly RunTimeTrunk[]
  /** Numbers, by applications. */
  readonly disabled: readonly {
    readonly applicationId: ApplicationId
    readonly trunk: string
    readonly number: string
  }[]
  /** Servers that are asked at calls to numbers. */
  readonly callIn: readonly CallInInterface[]
}
