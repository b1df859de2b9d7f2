import type { LatencyMode } from './latency-plan.ts'

/** Nothing is that sure: the hold is `VadSilenceTime` for all turns but those whose words say that more will come. */
const fixedHold = { endpointing: { threshold: 1 } } as const

/** `turnTaking` of `parley.yaml` for a mode; undefined: as shipped. */
export function turnTakingConfig(mode: LatencyMode): object | undefined {
  switch (mode) {
    case 'speculative':
    case 'hand-over':
      return fixedHold
    case 'sequential':
      return { ...fixedHold, speculation: { maxPerTurn: 0 } }
    case 'adaptive':
    case 'eager-events':
      return undefined
    default:
      return mode satisfies never
  }
}
