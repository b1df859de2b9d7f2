import { monotonicNs } from '../monotonic.ts'

/** One request to a simulator; stamps in ns of the monotonic clock. */
export interface ModelRecord {
  readonly kind: 'llm'
  /** Carried by each word of the reply and by its sound. */
  readonly response: number
  readonly receivedNs: number
  readonly userText: string
  /** The instructions, and what the assistant had said before as the history has it; '': nothing. */
  readonly systemText?: string
  readonly assistantText?: string
  readonly headers: Readonly<Record<string, string>>
  /** When each token was handed to the socket. */
  readonly tokensNs: number[]
  readonly words: readonly string[]
  endedNs?: number
  cancelledNs?: number
}

export interface SpeechRecord {
  readonly kind: 'tts'
  readonly receivedNs: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  readonly chunksNs: number[]
  bytes: number
  endedNs?: number
  cancelledNs?: number
}

/** A message of the recogniser, or what it heard. */
export interface RecognitionRecord {
  readonly kind: 'asr'
  readonly connection: number
  readonly atNs: number
  readonly event:
    | 'opened'
    | 'onset'
    | 'wordHeard'
    | 'partial'
    | 'finalize'
    | 'final'
    /** The turn is probably over, goes on after all, is over. */
    | 'eager'
    | 'resumed'
    | 'confirmed'
    | 'closed'
  readonly turn: number
  readonly text: string
}

export type SimulatorRecord = ModelRecord | SpeechRecord | RecognitionRecord

/** All that happened in this process, in order of arrival. Kept in memory: a run is minutes. */
export class RequestLog {
  private records: SimulatorRecord[] = []

  add<T extends SimulatorRecord>(record: T): T {
    this.records.push(record)
    return record
  }

  /** Hands out what is complete. Requests under way stay: their end is still to be written down. */
  take(): SimulatorRecord[] {
    const complete = this.records.filter(isComplete)
    this.records = this.records.filter((record) => !isComplete(record))
    return complete
  }

  asr(connection: number, event: RecognitionRecord['event'], turn: number, text = ''): void {
    this.add({ kind: 'asr', connection, atNs: monotonicNs(), event, turn, text })
  }
}

function isComplete(record: SimulatorRecord): boolean {
  return record.kind === 'asr' || record.endedNs !== undefined || record.cancelledNs !== undefined
}

/** Only what identifies the call and the request. */
export function identifyingHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-'))
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}
