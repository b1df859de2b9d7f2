import type { ApplicationId } from './ids.ts'

/** An assistant that is kept under a number, in the version that calls are made with. */
export interface StoredAgent {
  /** Unique in an installation. */
  readonly agentId: number
  readonly name: string
  readonly version: number
  /** Fields of `CreateAICall` but for those that are of one call: `SdkAppId`, `Callee`, `Callers`. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** Reading side of stored assistants. Never crosses applications: a foreign agent is `undefined`. */
export interface StoredAgents {
  /** @throws VoiceError STORE_FAILED */
  find(applicationId: ApplicationId, agentId: number): Promise<StoredAgent | undefined>
}
