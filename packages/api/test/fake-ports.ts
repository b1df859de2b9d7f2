import type {
  AfterCallReport,
  AskRequest,
  CallEvent,
  CallId,
  CallIntake,
  CallPageQuery,
  CallQuery,
  CallRecord,
  CallRecords,
  IntakeAcceptance,
  IntakeRefusal,
  LogFields,
  Logger,
  NewCall,
  RecordingStore,
  SayRequest,
  TalkMinutes,
  TranscriptLine,
} from '@parley/core'

/** Takes every call, or answers with what the test set. */
export class FakeIntake implements CallIntake {
  readonly calls: NewCall[] = []
  readonly withdrawn: CallId[] = []
  answer: IntakeAcceptance | IntakeRefusal | Error | 'never' = { kind: 'accepted' }
  canWithdraw = true

  async create(call: NewCall): Promise<IntakeAcceptance | IntakeRefusal> {
    this.calls.push(call)
    if (this.answer === 'never') return new Promise(() => {})
    if (this.answer instanceof Error) throw this.answer
    return this.answer
  }

  async withdraw(_applicationId: unknown, callId: CallId): Promise<boolean> {
    if (this.canWithdraw) this.withdrawn.push(callId)
    return this.canWithdraw
  }
}

/** Records in memory. */
export class FakeRecords implements CallRecords {
  readonly calls: CallRecord[] = []
  readonly lines: TranscriptLine[] = []
  readonly journal: CallEvent[] = []
  readonly queries: CallQuery[] = []
  report: AfterCallReport | undefined
  failure: Error | undefined

  async find(applicationId: CallRecord['applicationId'], callId: CallId): Promise<CallRecord | undefined> {
    if (this.failure) throw this.failure
    return this.calls.find((call) => call.callId === callId && call.applicationId === applicationId)
  }

  async list(query: CallQuery) {
    if (this.failure) throw this.failure
    this.queries.push(query)
    const found = this.calls.filter(
      (call) =>
        call.applicationId === query.applicationId &&
        call.createdAtMs >= query.fromMs &&
        call.createdAtMs <= query.toMs &&
        (!query.live || call.endedAtMs === undefined) &&
        (!query.callIds || query.callIds.includes(call.callId)) &&
        (!query.phones || query.phones.some((phone) => phone === call.caller || phone === call.callee)),
    )
    const sorted = found.sort((left, right) => right.createdAtMs - left.createdAtMs)
    return { total: found.length, calls: sorted.slice(query.offset, query.offset + query.limit) }
  }

  async page({ applicationId, fromMs, toMs, limit, after }: CallPageQuery) {
    if (this.failure) throw this.failure
    const { calls } = await this.list({ applicationId, fromMs, toMs, limit: 1_000, offset: 0 })
    const from = after ? calls.findIndex(({ callId }) => callId === after.callId) + 1 : 0
    return calls.slice(from, from + limit)
  }

  async forgetRecording(applicationId: CallRecord['applicationId'], callId: CallId): Promise<void> {
    const at = this.calls.findIndex((call) => call.callId === callId && call.applicationId === applicationId)
    const call = this.calls[at]
    if (!call) return
    const { recording: _, ...rest } = call
    this.calls[at] = rest
  }

  async afterCall(): Promise<AfterCallReport | undefined> {
    return this.report
  }

  async talkMinutes(query: Pick<CallQuery, 'applicationId' | 'fromMs' | 'toMs'>): Promise<TalkMinutes> {
    const { calls } = await this.list({ ...query, limit: Number.POSITIVE_INFINITY, offset: 0 })
    const of = (direction: CallRecord['direction']) =>
      calls
        .filter((call) => call.direction === direction)
        .reduce(
          (sum, call) => sum + Math.ceil(((call.endedAtMs ?? 0) - (call.answeredAtMs ?? call.endedAtMs ?? 0)) / 60_000),
          0,
        )
    return { outbound: of('outbound'), inbound: of('inbound') }
  }

  async transcript(): Promise<readonly TranscriptLine[]> {
    return this.lines
  }

  async events(): Promise<readonly CallEvent[]> {
    return this.journal
  }
}

/** Remembers commands, or fails with what the test set. */
export class FakeControl {
  readonly said: { callId: CallId; request: SayRequest }[] = []
  readonly asked: { callId: CallId; request: AskRequest }[] = []
  readonly hungUp: CallId[] = []
  readonly pressed: { callId: CallId; keys: string }[] = []
  readonly transferred: { callId: CallId; skillGroupId: number }[] = []
  failure: Error | undefined

  async say(callId: CallId, request: SayRequest): Promise<void> {
    if (this.failure) throw this.failure
    this.said.push({ callId, request })
  }

  async ask(callId: CallId, request: AskRequest): Promise<void> {
    if (this.failure) throw this.failure
    this.asked.push({ callId, request })
  }

  async transfer(callId: CallId, skillGroupId: number): Promise<void> {
    if (this.failure) throw this.failure
    this.transferred.push({ callId, skillGroupId })
  }

  async press(callId: CallId, keys: string): Promise<void> {
    if (this.failure) throw this.failure
    this.pressed.push({ callId, keys })
  }

  readonly paused: { callId: CallId; paused: boolean }[] = []

  async pauseRecording(callId: CallId, paused: boolean): Promise<void> {
    if (this.failure) throw this.failure
    this.paused.push({ callId, paused })
  }

  async hangup(callId: CallId): Promise<void> {
    if (this.failure) throw this.failure
    this.hungUp.push(callId)
  }
}

/** Files in memory, by path. */
export class FakeRecordings implements RecordingStore {
  readonly files = new Map<string, Uint8Array>()
  failure: Error | undefined

  pathFor(callId: CallId): string {
    return `/recordings/${callId}.wav`
  }

  async stat(path: string) {
    if (this.failure) throw this.failure
    const file = this.files.get(path)
    return file && { bytes: file.length }
  }

  async *read(path: string, range: { readonly start: number; readonly end: number }): AsyncGenerator<Uint8Array> {
    const file = this.files.get(path) ?? new Uint8Array()
    for (let at = range.start; at <= range.end; at += 100) yield file.subarray(at, Math.min(at + 100, range.end + 1))
  }

  async remove(path: string): Promise<void> {
    if (this.failure) throw this.failure
    this.files.delete(path)
  }

  async repair() {
    return undefined
  }
}

/** Keeps every line as text. */
export class CapturingLogger implements Logger {
  readonly lines: string[] = []

  private readonly write =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
    }
  readonly debug = this.write('debug')
  readonly info = this.write('info')
  readonly warn = this.write('warn')
  readonly error = this.write('error')

  child(): Logger {
    return this
  }
}
