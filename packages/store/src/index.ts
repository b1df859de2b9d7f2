export type { StoreConfiguration, TrunkConfiguration } from './configure.ts'
export type { DialRules } from './dial-rules/stored-dial-gate.ts'
export type { DispatchOptions, RecoverOptions } from './dispatch/engine-role.ts'
export type { Recovered } from './dispatch/recover-lost.ts'
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/start-embedded-postgres.ts'
export { openStore, type Store, type StoreOptions } from './open-store.ts'
export type { DeclaredWebhook } from './pushes/configure-webhooks.ts'
export type { KeepRecordingsOptions } from './recordings/recording-worker.ts'
export type { S3Settings } from './recordings/s3-settings.ts'
