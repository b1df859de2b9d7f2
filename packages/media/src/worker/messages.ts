import type { CallId, EarlySound, LogFields, MediaEvent, RtpStatistics, TrunkMedia } from '@parley/core'
import type { RemoteMedia } from '../sdp/remote-media.ts'

/** What a worker must know before it takes streams. */
export interface WorkerSettings {
  readonly bindHost: string
  readonly rtpTimeoutMs: number
  /** `silero`: the neural detector; `energy`: its simple stand-in. */
  readonly voiceDetection: 'silero' | 'energy'
}

export interface OpenLeg {
  readonly id: number
  readonly callId: CallId
  readonly rtpPort: number
  readonly uplink: SharedArrayBuffer
  readonly playout: SharedArrayBuffer
  readonly recordingPath?: string
  readonly farFieldSuppression: number
  readonly detectTones: boolean
  readonly complianceTone?: boolean
  /** `loop`: in shared memory, only read. */
  readonly ambience?: { readonly loop: Int16Array; readonly volume: number }
  readonly dtmf?: NonNullable<TrunkMedia['dtmf']>
  /** Addresses or CIDR ranges RTP may come from. Absent: any. */
  readonly sources?: readonly string[]
}

/** Each is answered by one `reply` with the same `request` number. */
export type RequestBody =
  | { readonly type: 'init'; readonly settings: WorkerSettings }
  | { readonly type: 'open'; readonly leg: OpenLeg }
  | { readonly type: 'remote'; readonly id: number; readonly remote: RemoteMedia }
  /** `remote` of a provisional response: hear what comes before the answer. */
  | { readonly type: 'listen'; readonly id: number; readonly remote: RemoteMedia }
  | { readonly type: 'start'; readonly id: number }
  | { readonly type: 'bridge'; readonly id: number; readonly other: number }
  | { readonly type: 'statistics'; readonly id: number }
  | { readonly type: 'close'; readonly id: number }
  /** Ends all legs; the worker is idle when this is answered. */
  | { readonly type: 'shutdown' }

/** `wake`: records wait in the playout ring of `id`. */
export type ToWorker =
  | { readonly type: 'request'; readonly request: number; readonly body: RequestBody }
  | { readonly type: 'wake'; readonly id: number }
  | { readonly type: 'dtmf'; readonly id: number; readonly keys: string }
  | { readonly type: 'recording'; readonly id: number; readonly paused: boolean }

/** `value` of a reply: `StartedLeg` to `start`, `RtpStatistics` to `statistics`, else nothing. */
export interface StartedLeg {
  readonly startedAtMs: number
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type FromWorker =
  | { readonly type: 'reply'; readonly request: number; readonly value?: StartedLeg | RtpStatistics }
  /** `portBusy`: the port is taken by somebody else. */
  | { readonly type: 'refusal'; readonly request: number; readonly portBusy: boolean; readonly detail: string }
  | { readonly type: 'event'; readonly id: number; readonly event: MediaEvent }
  /** Some uplink rings hold frames. One message per tick, whatever the number of streams. */
  | { readonly type: 'uplink' }
  | { readonly type: 'early'; readonly id: number; readonly sound: EarlySound }
  /** There is room again in the playout ring of `id`. */
  | { readonly type: 'room'; readonly id: number }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly fields: LogFields }

/** The worker's end of the line to the main thread; `MessagePort` and its like satisfy it. */
export interface WorkerPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  close(): void
}
