import type { CallReport, PhoneCall } from '@parley/callee'
import { startPhone } from '@parley/callee'
import { nsPerMs } from '../monotonic.ts'
import { SeededRandom } from '../seeded-random.ts'
import { decodeWatermark } from '../watermark.ts'
import { readWav } from '../wav-file.ts'
import type { WitnessedTurn } from './measured-turn.ts'

/** The phone script of one call: wait for the greeting, then say the clips, each after the answer to the one before. */
function phoneScript(clips: readonly string[], call: number) {
  const random = new SeededRandom(call + 1)
  const turns = clips.flatMap((clip) => [
    // Spreads the turns over the packet phase and over each other.
    { pause: 150 + random.below(200) },
    { say: { clip } },
    { wait: { heard: 'end' as const, silence: 300, timeout: 4_000 } },
  ])
  return {
    answer: { after: random.below(400) },
    codec: call % 2 === 0 ? ('pcma' as const) : ('pcmu' as const),
    steps: [{ wait: { heard: 'end' as const, silence: 400, timeout: 5_000 } }, ...turns, { hangup: true as const }],
  }
}

/** `+1555` and the number of the call, so that an INVITE says which call it is. */
export const calleeOf = (call: number) => `001555${String(call).padStart(4, '0')}`
const callOf = (to: string) => Number(/(\d{4})$/.exec(to)?.[1] ?? -1)

/** RTP ports of the telephones: even ones, for more calls than ever go on at once. */
const phonePortCount = 60
const firstPhonePort = 29_000 + (process.pid % 20) * 2 * phonePortCount
export const phonePorts: readonly number[] = Array.from(
  { length: phonePortCount },
  (_, index) => firstPhonePort + 2 * index,
)
export const phoneRtpPorts = { from: firstPhonePort, to: firstPhonePort + 2 * phonePortCount - 2 }

/** What calls do from now on. */
interface ExchangePlan {
  /** Paths of the clips of the turns, in order. */
  readonly clips: readonly string[]
  /** The relay's address for a port of the telephone; absent: audio goes straight to the engine. */
  readonly via?: (port: number) => { readonly host: string; readonly port: number }
}

export interface Exchange extends AsyncDisposable {
  readonly port: number
  plan(plan: ExchangePlan): void
  /** Resolves with the report of each call by its number, once that many have ended. */
  reports(count: number, withinMs: number): Promise<ReadonlyMap<number, CallReport>>
}

/** Telephones on one port: each incoming call follows the script of its number. */
export async function startExchange(outDir: string): Promise<Exchange> {
  let current: ExchangePlan = { clips: [] }
  const phone = await startPhone({
    host: '127.0.0.1',
    port: 0,
    script: (invite) => phoneScript(current.clips, callOf(invite.to)),
    outDir,
    seed: 1,
    rtpPorts: phoneRtpPorts,
    rtpVia: (port) => current.via?.(port),
  })
  return {
    port: phone.port,
    plan(plan) {
      current = plan
    },
    async reports(count, withinMs) {
      const giveUpAtMs = performance.now() + withinMs
      const calls: PhoneCall[] = []
      while (calls.length < count) calls.push(await phone.nextCall(Math.max(1, giveUpAtMs - performance.now())))
      const late = setTimeout(() => calls.forEach((call) => void call.hangup()), giveUpAtMs - performance.now())
      const ended = await Promise.all(
        calls.map(async (call) => [callOf(call.invite?.to ?? ''), await call.ended] as const),
      )
      clearTimeout(late)
      return new Map(ended)
    },
    [Symbol.asyncDispose]: () => phone.close(),
  }
}

/** What the phone heard in each turn, read from its recording. */
export async function witnessTurns(call: number, report: CallReport): Promise<WitnessedTurn[]> {
  if (!report.wavPath || report.mediaStartedAtNs === undefined) return []
  const startNs = report.mediaStartedAtNs
  const { channels } = await readWav(report.wavPath)
  const heard = channels[1] ?? new Int16Array()
  const sampleAt = (ns: number) => Math.max(0, Math.round(((ns - startNs) / nsPerMs) * 8))
  return report.spoken.map((step, index) => {
    const untilNs = report.spoken[index + 1]?.firstPacketSentNs ?? report.endedAtNs
    return {
      call,
      turn: index + 1,
      eosNs: step.lastSpeechPacketSentNs,
      v2vMs: step.v2vMs,
      networkMs: 0,
      cutIn: step.cutInMs !== null,
      words: decodeWatermark(heard.subarray(sampleAt(step.firstPacketSentNs), sampleAt(untilNs))),
    }
  })
}

/** Answer to the first sound of the greeting. */
export function greetingMs(report: CallReport): number | undefined {
  const first = report.heard[0]
  return first && report.answeredAtNs !== undefined ? (first.startNs - report.answeredAtNs) / nsPerMs : undefined
}
