import { type ProcessUsage, processUsage } from './process-usage.ts'

/** What a process with this module answers to any message of its parent. */
export type UsageReport = { readonly type: 'usage' } & ProcessUsage

// Loaded before the program that is measured, which knows nothing of it and must not be kept running by it.
process.on('message', () => {
  void processUsage().then((usage) => process.send?.({ type: 'usage', ...usage } satisfies UsageReport))
})
process.channel?.unref()
