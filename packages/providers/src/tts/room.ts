/** Counts places; `enter` waits for a free one. */
export class Room {
  private free: number
  private wake: (() => void) | undefined

  constructor(places: number) {
    this.free = places
  }

  async enter(): Promise<void> {
    while (this.free === 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    this.free -= 1
  }

  leave(): void {
    this.free += 1
    this.wake?.()
  }
}
