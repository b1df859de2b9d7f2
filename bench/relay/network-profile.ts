/** Variation of the delay, ms. Correlated from packet to packet, as queues are. */
export type Jitter =
  | { readonly kind: 'none' }
  /** Normal around the delay, both ways; the whole delay stays within 0 and `capMs`. */
  | { readonly kind: 'gauss'; readonly sigmaMs: number; readonly capMs: number }
  /** Added to the delay: gamma of shape 2 with this 99th percentile. */
  | { readonly kind: 'gamma'; readonly p99Ms: number }
  /** Every so often nothing passes for `stallMs`, then all that waited comes at once. */
  | {
      readonly kind: 'spikes'
      readonly stallMs: number
      readonly everyFromMs: number
      readonly everyToMs: number
    }

/** One direction of a network between telephone and engine. Shares are of packets, between 0 and 1. */
export interface NetworkProfile {
  readonly delayMs: number
  readonly jitter: Jitter
  readonly loss: number
  /** Mean length of a run of lost packets. */
  readonly meanBurst: number
  readonly reorder: number
  readonly duplicates: number
}

export type NetworkName = 'clean' | 'lan' | 'wifi' | 'mobile' | 'bad'

const noLoss = { loss: 0, meanBurst: 1, reorder: 0, duplicates: 0 } as const

export const isNetworkName = (name: string): name is NetworkName => Object.hasOwn(networkProfiles, name)

/** Taste, after what home and mobile networks are known to do. */
export const networkProfiles: Readonly<Record<NetworkName, NetworkProfile>> = {
  clean: { delayMs: 0, jitter: { kind: 'none' }, ...noLoss },
  lan: { delayMs: 2, jitter: { kind: 'gauss', sigmaMs: 1, capMs: 6 }, ...noLoss },
  wifi: {
    delayMs: 10,
    jitter: { kind: 'gauss', sigmaMs: 5, capMs: 30 },
    loss: 0.003,
    meanBurst: 1,
    reorder: 0.002,
    duplicates: 0,
  },
  mobile: {
    delayMs: 40,
    jitter: { kind: 'gamma', p99Ms: 60 },
    loss: 0.01,
    meanBurst: 2,
    reorder: 0.005,
    duplicates: 0.001,
  },
  bad: {
    delayMs: 80,
    jitter: { kind: 'spikes', stallMs: 120, everyFromMs: 5_000, everyToMs: 10_000 },
    loss: 0.03,
    meanBurst: 4,
    reorder: 0.02,
    duplicates: 0.005,
  },
}
