import type { ApplicationId } from './ids.ts'

/** A server of an application that says, call by call, who takes a number's calls. */
export interface CallInInterface {
  readonly applicationId: ApplicationId
  readonly trunk: string
  readonly number: string
  /** May hold a token. */
  readonly url: string
}
