import type { PhoneCall } from './phone.ts'

const capacity = 10_000

/** Calls that came in and were not looked at yet; the oldest is dropped beyond 10,000. */
export class CallQueue implements AsyncIterable<PhoneCall> {
  readonly #calls: PhoneCall[] = []
  readonly #waiting: ((call: PhoneCall | undefined) => void)[] = []
  #isClosed = false

  push(call: PhoneCall): void {
    const waiter = this.#waiting.shift()
    if (waiter !== undefined) {
      waiter(call)
      return
    }
    if (this.#calls.length >= capacity) this.#calls.shift()
    this.#calls.push(call)
  }

  close(): void {
    this.#isClosed = true
    for (const waiter of this.#waiting.splice(0)) waiter(undefined)
  }

  /** Undefined once closed. */
  next(): Promise<PhoneCall | undefined> {
    const call = this.#calls.shift()
    if (call !== undefined || this.#isClosed) return Promise.resolve(call)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** @throws Error when none comes within `deadlineMs` */
  nextWithin(deadlineMs: number): Promise<PhoneCall> {
    const call = this.#calls.shift()
    if (call !== undefined) return Promise.resolve(call)
    return new Promise((resolve, reject) => {
      const waiter = (arrived: PhoneCall | undefined) => {
        clearTimeout(timer)
        if (arrived === undefined) reject(new Error('the phone was closed'))
        else resolve(arrived)
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(new Error(`no call came within ${deadlineMs} ms`))
      }, deadlineMs)
      this.#waiting.push(waiter)
    })
  }

  async *[Symbol.asyncIterator](): AsyncIterator<PhoneCall> {
    for (let call = await this.next(); call !== undefined; call = await this.next()) yield call
  }
}
