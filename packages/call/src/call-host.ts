import { type Conversation, createConversation, type RestoredTalk } from '@parley/conversation'
import {
  type AskRequest,
  assertInTime,
  type CallControl,
  type CallId,
  type CallSpec,
  type IncomingInvite,
  type InviteDecision,
  type LegId,
  legId,
  type MediaOptions,
  type MediaStream,
  type SayRequest,
  VoiceError,
} from '@parley/core'
import type { CallHostOptions } from './call-host-options.ts'
import { afterComplianceTone, hasComplianceTone } from './compliance-tone.ts'
import { JournalWriter } from './journal-writer.ts'
import { type CallParts, LiveCall } from './live-call.ts'
import { CallPrivacy } from './privacy/call-privacy.ts'
import { talkProviders } from './talk-providers.ts'

/** Owns the live calls of this process. */
export class CallHost implements CallControl, AsyncDisposable {
  private readonly calls = new Map<CallId, LiveCall>()
  /** Calls that are being set up: placed, but not yet in `calls`. */
  private readonly arriving = new Set<CallId>()
  private draining = false
  private readonly options: CallHostOptions

  constructor(options: CallHostOptions) {
    this.options = options
  }

  get liveCalls(): number {
    return this.calls.size + this.arriving.size
  }

  async place(spec: CallSpec, dialBeforeMs: number): Promise<void> {
    if (this.calls.has(spec.callId) || this.arriving.has(spec.callId)) return
    const { clock, random } = this.options
    const call = await this.admit(spec, legId(random.uuid()))
    try {
      assertInTime(clock, dialBeforeMs)
    } catch (error) {
      // As if it had never been here: nobody may control it, and it may be placed again.
      this.calls.delete(spec.callId)
      await call.withdraw()
      throw error
    }
    // From here to the SIP stack nothing is waited for.
    call.post({ type: 'dial' })
  }

  async offer(invite: IncomingInvite, spec: CallSpec, signal: AbortSignal): Promise<InviteDecision> {
    let call: LiveCall
    try {
      call = await this.admit(spec, invite.leg)
    } catch (error) {
      this.options.logger.warn('incoming call refused', { callId: spec.callId, error })
      return { kind: 'reject', status: 503, reason: 'Service Unavailable' }
    }
    const answer = await call.answer(invite)
    if (answer === undefined || signal.aborted) return { kind: 'reject', status: 488, reason: 'Not Acceptable Here' }
    return { kind: 'answer', sdp: answer }
  }

  async say(callId: CallId, request: SayRequest): Promise<void> {
    this.talking(callId).say(request)
  }

  async ask(callId: CallId, request: AskRequest): Promise<void> {
    this.talking(callId).ask(request)
  }

  async transfer(callId: CallId, skillGroupId: number): Promise<void> {
    const call = this.live(callId)
    if (!this.options.skillGroups.some(({ id }) => id === skillGroupId)) throw new VoiceError('SKILL_GROUP_NOT_FOUND')
    if (!call.talking) throw new VoiceError('CALL_NOT_CONTROLLABLE')
    call.requestTransfer(skillGroupId, 'operator')
  }

  async press(callId: CallId, keys: string): Promise<void> {
    if (!this.live(callId).press(keys)) throw new VoiceError('CALL_NOT_CONTROLLABLE')
  }

  async pauseRecording(callId: CallId, paused: boolean): Promise<void> {
    if (!this.live(callId).pauseRecording(paused)) throw new VoiceError('CALL_NOT_CONTROLLABLE')
  }

  async hangup(callId: CallId): Promise<void> {
    this.live(callId).post({ type: 'hangup' })
  }

  /** Takes no further calls; the ones in progress go on. */
  drain(): void {
    this.draining = true
  }

  /** Ends every call with BYE and waits until their records are closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.drain()
    const live = [...this.calls.values()]
    for (const call of live) call.post({ type: 'shutdown' })
    await Promise.all(live.map((call) => call.ended))
  }

  private talking(callId: CallId) {
    const { talking } = this.live(callId)
    if (!talking) throw new VoiceError('CALL_NOT_CONTROLLABLE')
    return talking
  }

  private live(callId: CallId): LiveCall {
    const call = this.calls.get(callId)
    if (!call) throw new VoiceError('CALL_NOT_FOUND')
    return call
  }

  /** Makes the parts of a call. Nothing of them is left behind when one cannot be made. */
  private async admit(spec: CallSpec, leg: LegId): Promise<LiveCall> {
    const { options } = this
    if (this.draining) throw new VoiceError('SHUTDOWN')
    if (this.liveCalls >= options.maxCalls) throw new VoiceError('RESOURCE_EXHAUSTED')
    this.arriving.add(spec.callId)
    try {
      const logger = options.logger.child({ callId: spec.callId })
      const recordingPath = options.recordings.pathFor(spec.callId)
      const privacy = new CallPrivacy(options.clock, options.privacyOf?.(spec.applicationId))
      const journal = new JournalWriter(spec.callId, options.journal, options.clock, logger, privacy)
      const { callId, assistant } = spec
      const hasTone = hasComplianceTone(spec, options.complianceTone ?? false)
      const media = await this.openMedia({
        advertisedHost: options.advertisedHost,
        ...options.mediaOf(spec.trunk),
        callId,
        recordingPath,
        farFieldSuppression: assistant.farFieldSuppression ?? 0,
        detectTones: assistant.hangUpOnMachine ?? false,
        complianceTone: hasTone,
        ...(assistant.ambience && { ambience: assistant.ambience }),
      })
      const call = await this.begin(
        { spec: hasTone ? afterComplianceTone(spec) : spec, leg, media, recordingPath, privacy },
        journal,
      )
      this.calls.set(callId, call)
      void call.ended.then(() => this.calls.delete(callId))
      return call
    } finally {
      this.arriving.delete(spec.callId)
    }
  }

  /** Without a free port there is no room here now: whoever asked may come back, as for any other lack of room. */
  private async openMedia(request: MediaOptions): Promise<MediaStream> {
    try {
      return await this.options.media.open(request)
    } catch (error) {
      if (!(error instanceof VoiceError) || error.code !== 'MEDIA_NO_PORT') throw error
      throw new VoiceError('RESOURCE_EXHAUSTED', { detail: 'no free RTP port (PARLEY_RTP_PORTS)', cause: error })
    }
  }

  /** The call on its media; when it cannot be made, they are released. */
  private async begin(parts: Omit<CallParts, 'converse'>, journal: JournalWriter): Promise<LiveCall> {
    const { spec, media, privacy } = parts
    const converse: CallParts['converse'] = (assistant, onUserWords, restored) =>
      this.converse({ ...spec, assistant }, journal, privacy, onUserWords, restored)
    try {
      return new LiveCall({ ...parts, converse }, journal, this.options)
    } catch (error) {
      await media[Symbol.asyncDispose]()
      throw error
    }
  }

  private converse(
    spec: CallSpec,
    journal: JournalWriter,
    privacy: CallPrivacy,
    onUserWords: (text: string) => void,
    restored?: RestoredTalk,
  ): Conversation {
    const { providers, clock, random, logger } = this.options
    const { assistant, callId } = spec
    return createConversation({
      callId,
      spec: assistant,
      providers: talkProviders(providers, assistant),
      clock,
      random,
      logger: logger.child({ callId }),
      report: (body) => journal.write(body),
      onUserWords: (text, spoken) => {
        onUserWords(text)
        const shown = privacy.words(text, spoken)
        if (shown !== undefined) this.options.onUserWords?.(spec, shown)
      },
      ...(restored === undefined ? {} : { restored }),
    })
  }
}
