export { type AfterCallOptions, runAfterCallJobs } from './after-call/run-after-call-jobs.ts'
export { CallHost } from './call-host.ts'
export type { CallHostOptions } from './call-host-options.ts'
