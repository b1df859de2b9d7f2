/** Nanoseconds of the machine's monotonic clock, comparable across processes; exact below 2^53 (104 days of uptime). */
export function nowNs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e9 + nanoseconds
}

export const nsPerMs = 1e6

/** Resolves after `ms`. For signalling; media waits are counted by the pacing loop. */
export function sleepMs(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
