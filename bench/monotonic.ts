/** Monotonic clock of the machine in ns; comparable between the processes of one run. */
export const monotonicNs = (): number => Number(process.hrtime.bigint())

export const nsPerMs = 1e6

/** Resolves after `ms`; for waiting on the outside world, never for measuring. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
