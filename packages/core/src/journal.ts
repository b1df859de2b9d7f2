import type { CallAgent } from './assistant.ts'
import type { CallDirection, CallOutcome } from './call.ts'
import type { CallQuality } from './call-quality.ts'
import type { ApplicationId, CallId, TurnId } from './ids.ts'
import type { SignallingMessage } from './signalling.ts'
import type { SkillGroup, TransferFailure, TransferRequester } from './transfer.ts'
import type { TurnTimings } from './turn-timings.ts'

/** What happened in a call. `seq` rises by one within a call; `wallMs` is Unix ms. */
export interface CallEvent {
  readonly callId: CallId
  readonly seq: number
  readonly wallMs: number
  readonly body: CallEventBody
}

export type CallEventBody =
  | {
      readonly type: 'call.incoming'
      readonly applicationId: ApplicationId
      readonly caller: string
      readonly callee: string
      readonly trunk: string
      readonly direction: CallDirection
      readonly agent?: CallAgent
    }
  | { readonly type: 'call.dialing' }
  | { readonly type: 'call.ringing' }
  | { readonly type: 'call.answered' }
  | {
      readonly type: 'call.ended'
      readonly outcome: CallOutcome
      readonly recording?: RecordingFact
      readonly quality?: CallQuality
    }
  | { readonly type: 'recording.started'; readonly path: string }
  /** Silence in the recording from here, to here. */
  | { readonly type: 'recording.paused' }
  | { readonly type: 'recording.resumed' }
  /** `fromMs`/`toMs`: ms since answer, on the recording's time line. `heard` is what the history holds. */
  | {
      readonly type: 'user.said'
      readonly turn: TurnId
      readonly text: string
      /** Present: not spoken, put to the model by `CallControl.ask`. Part of the history, not of what was said. */
      readonly origin?: 'ask'
      readonly fromMs: number
      readonly toMs: number
    }
  | {
      readonly type: 'assistant.said'
      readonly turn: TurnId
      readonly heard: string
      readonly intended: string
      readonly interrupted: boolean
      readonly fromMs: number
      readonly toMs: number
      readonly source: SpeechSource
      readonly remember: boolean
    }
  | { readonly type: 'turn.completed'; readonly timings: TurnTimings }
  /** One target of a skill group is tried. `attempt` counts from 0 within the call. */
  | {
      readonly type: 'transfer.started'
      readonly attempt: number
      readonly by: TransferRequester
      readonly skillGroupId: number
      readonly skillGroupName: string
      readonly mode: SkillGroup['mode']
      readonly callee: string
    }
  | { readonly type: 'transfer.ringing'; readonly attempt: number }
  /** The human is there; or the peer told that REFER's call was answered. */
  | { readonly type: 'transfer.answered'; readonly attempt: number }
  /** Both sides hear each other. */
  | { readonly type: 'transfer.joined'; readonly attempt: number }
  | { readonly type: 'transfer.failed'; readonly attempt: number; readonly failure: TransferFailure }
  /** The leg of a human who had been joined is over. */
  | { readonly type: 'transfer.ended'; readonly attempt: number }
  /** The talk goes on with another stored agent. */
  | ({ readonly type: 'agent.joined' } & CallAgent)
  | { readonly type: 'dtmf'; readonly key: string; readonly atMs: number }
  /** The talk had got stuck and was set going again. */
  | { readonly type: 'talk.repaired'; readonly fault: TalkFault }
  /** For support, not part of what happened: the SIP ladder, in portions. */
  | { readonly type: 'signalling.messages'; readonly messages: readonly SignallingMessage[] }
  | { readonly type: 'provider.failed'; readonly stage: 'asr' | 'llm' | 'tts'; readonly code: string }

/** `speakingWithoutPackets`: audio was queued and none left. `listeningWithoutHearing`: voice, and no word about it. */
export type TalkFault = 'speakingWithoutPackets' | 'listeningWithoutHearing'

/** Where assistant speech came from. */
export type SpeechSource = 'greeting' | 'reply' | 'say' | 'silencePrompt' | 'filler' | 'apology'

export interface RecordingFact {
  readonly path: string
  readonly durationMs: number
  readonly bytes: number
}

/**
 * Append-only record of calls. At least once: the store drops events whose `(callId, seq)` it has.
 * Order within a call is kept. The conversation can be rebuilt from it.
 */
export interface CallJournal {
  append(events: readonly CallEvent[]): Promise<void>
}
