export { CallHost, type CallHostOptions } from './call-host.ts'
