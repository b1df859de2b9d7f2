export type { ApiApplication, ApiKey, ApiNumber, ApiOptions, Listening } from './api-options.ts'
export { type Api, createApi } from './create-api.ts'
export { createPushTransport, type PushReceiver, type PushTransportOptions } from './pushes/push-transport.ts'
