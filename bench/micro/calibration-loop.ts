const tableSize = 4_096
const steps = 20_000
const table = Int16Array.from({ length: tableSize }, (_, index) => (index * 40_503) & 0x7fff)
/** Kept, so that no compiler finds the work useless. */
let sink = 0

/** What every micro bench is compared with: a fixed amount of table look-ups, integer and floating-point work. */
export function calibrationLoop(): void {
  let mixed = sink | 1
  let sum = 0
  for (let step = 0; step < steps; step += 1) {
    mixed = (Math.imul(mixed, 1_664_525) + 1_013_904_223) | 0
    const value = table[(mixed >>> 16) & (tableSize - 1)] as number
    sum = sum * 0.999 + value * 0.001
    table[mixed & (tableSize - 1)] = (value + (sum | 0)) & 0x7fff
  }
  sink = (mixed ^ sum) | 0
}

/** How many units of the ratios, 1,000 steps each, one call is. */
export const calibrationUnits = steps / 1_000
