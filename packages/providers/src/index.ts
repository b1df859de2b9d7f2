export { createProviders, type ProvidersOptions, type VoiceConfig } from './catalog.ts'
export { withFallback } from './wrap/with-fallback.ts'
export { type RetryPolicy, withRetry } from './wrap/with-retry.ts'
export { type ReplyTimeouts, withTimeout } from './wrap/with-timeout.ts'
