/** What is at which address. Nothing of an address is kept when the last one there has moved away. */
export class PlaceIndex<Item> {
  private readonly places = new Map<string, Set<Item>>()

  /** Addresses. */
  get size(): number {
    return this.places.size
  }

  at(host: string): Iterable<Item> {
    return this.places.get(host) ?? []
  }

  /** `item` is at `hosts` alone; `from`: where it was before. */
  move(item: Item, from: readonly string[], hosts: readonly string[]): void {
    for (const host of from) {
      const there = this.places.get(host)
      there?.delete(item)
      if (there?.size === 0) this.places.delete(host)
    }
    for (const host of hosts) this.places.set(host, (this.places.get(host) ?? new Set()).add(item))
  }
}
