/** Ids of the peer's offers within one call: 1, 2, 3, ... */
export const reofferIds = (): (() => number) => {
  let last = 0
  return () => {
    last += 1
    return last
  }
}
