/**
 * The only source of time. `nowMs` is monotonic and is used for every interval; `wallMs` is Unix time in ms and is
 * used only for what people read (records, signatures).
 */
export interface Clock {
  nowMs(): number
  wallMs(): number
  /** Calls `fire` once when `nowMs()` reaches `atMs` (at once, but never synchronously, when that has passed). */
  setTimer(atMs: number, fire: () => void): Disposable
}

/** Source of randomness, injected so that tests can seed it. */
export interface Random {
  /** Cryptographically strong in production. The caller owns the buffer. */
  bytes(count: number): Uint8Array
  uuid(): string
}

/** Resolves when `clock.nowMs()` reaches `atMs`; rejects with the signal's reason when aborted first. */
export function waitUntil(clock: Clock, atMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      timer[Symbol.dispose]()
      reject(signal?.reason)
    }
    const timer = clock.setTimer(atMs, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
