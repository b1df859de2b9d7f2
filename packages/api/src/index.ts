export type { ApiApplication, ApiKey, ApiNumber, ApiOptions, Listening } from './api-options.ts'
export { type Api, createApi } from './create-api.ts'
export type { LiveFeed, LiveListener } from './events/live-feed.ts'
export type { Readiness } from './health-routes.ts'
