export { CallHost } from './call-host.ts'
