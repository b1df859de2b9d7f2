import { readFile } from 'node:fs/promises'
import { nsPerMs } from '../monotonic.ts'
import type { RelayedPacket } from '../relay/protocol.ts'
import type { WitnessedTurn } from './measured-turn.ts'

/** A line of the telephone's `packets.jsonl`, as far as it matters here. */
export interface PhonePacket {
  readonly direction: 'sent' | 'received'
  readonly atNs: number
  readonly ssrc: number
  readonly seq: number
  readonly isSpeech?: boolean
  readonly audible?: { readonly fromSample: number }
}

const nsPerSample = 125_000
/** Instants of one packet written in two ways agree to this. */
const sameNs = 2_000

export async function readPhonePackets(path: string): Promise<readonly PhonePacket[]> {
  const text = await readFile(path, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as PhonePacket)
}

/** Takes what the relay imposed out of what the telephone measured. */
export class NetworkDelays {
  private readonly relayed = new Map<string, RelayedPacket>()

  constructor(relayed: readonly RelayedPacket[]) {
    for (const packet of relayed) this.relayed.set(keyOf(packet.direction, packet), packet)
  }

  /**
   * The turn as it was on our side of the network: from when the last speech that arrived left the relay, to when the
   * first audible packet entered it. A lost last packet means that speech ended one packet earlier.
   */
  onOurSide(turn: WitnessedTurn, packets: readonly PhonePacket[]): WitnessedTurn {
    if (turn.v2vMs === null) return turn
    const heardNs = turn.eosNs + turn.v2vMs * nsPerMs
    const speech = packets.findLast(
      (packet) => packet.isSpeech && packet.atNs <= turn.eosNs && this.delayNs('up', packet) !== undefined,
    )
    const answer = packets.find(
      ({ direction, audible, atNs }) =>
        direction === 'received' &&
        audible !== undefined &&
        Math.abs(atNs + audible.fromSample * nsPerSample - heardNs) < sameNs,
    )
    if (!speech || !answer) return turn
    const upMs = ((this.delayNs('up', speech) ?? 0) + speech.atNs - turn.eosNs) / nsPerMs
    const downMs = (this.delayNs('down', answer) ?? 0) / nsPerMs
    return {
      ...turn,
      eosNs: turn.eosNs + upMs * nsPerMs,
      v2vMs: turn.v2vMs - upMs - downMs,
      networkMs: upMs + downMs,
    }
  }

  private delayNs(direction: RelayedPacket['direction'], packet: PhonePacket): number | undefined {
    const relayed = this.relayed.get(keyOf(direction, packet))
    return relayed?.leftNs === undefined ? undefined : relayed.leftNs - relayed.arrivedNs
  }
}

const keyOf = (direction: string, { ssrc, seq }: { readonly ssrc: number; readonly seq: number }) =>
  `${direction} ${ssrc} ${seq}`
