import { type G711Law, newG711 } from '../src/codec/g711.ts'
import type { SendPlan } from '../src/downlink.ts'

const staticTypes = { PCMA: 8, PCMU: 0 } as const

/** G.711 in packets of 20 ms, events as payload type 101. */
export function g711Plan(law: G711Law, more: Partial<SendPlan> = {}): SendPlan {
  return {
    encoder: newG711(law).encoder,
    payloadType: staticTypes[law],
    packetSamples: 160,
    eventType: 101,
    eventTicksPerSample: 1,
    maySend: true,
    ...more,
  }
}
