import type { Clock, RecognitionSpec, RecognizerInput, SpeechRecognizer, Transcript } from '@parley/core'
import { Channel, sampleRateHz } from '@parley/core'

export interface ScriptedRecognizerOptions {
  readonly clock: Clock
  /** What the voiced stretches say, in order. `null`, or none left: nothing is recognised and no final comes. */
  readonly lines: readonly (string | null)[]
  /** From the end of the last word to the partial that contains it. */
  readonly partialDelayMs?: number
  /** From the mark of the stretch's end to the final. */
  readonly finalDelayMs?: number
}

/** Recognises by script: each voiced stretch says its line; the delays are those of a streaming service. */
export class ScriptedRecognizer implements SpeechRecognizer {
  readonly name = 'scripted'
  /** Media times of the marks received. */
  readonly marks: { readonly type: string; readonly mediaMs: number }[] = []
  private readonly options: ScriptedRecognizerOptions
  private readonly out = new Set<Channel<Transcript>>()
  private stretches = 0

  constructor(options: ScriptedRecognizerOptions) {
    this.options = options
  }

  async *transcribe(
    input: AsyncIterable<RecognizerInput>,
    _options: RecognitionSpec,
    signal: AbortSignal,
  ): AsyncIterable<Transcript> {
    const out = new Channel<Transcript>(1000, 'fail')
    this.out.add(out)
    signal.addEventListener('abort', () => out.close(), { once: true })
    void this.read(input)
    try {
      yield* out
    } finally {
      this.out.delete(out)
    }
  }

  /** Recognises something now, outside the script. */
  emit(kind: Transcript['kind'], text: string, fromMs = 0, toMs = 0): void {
    for (const out of this.out) out.push({ kind, text, fromMs, toMs })
  }

  /** The recogniser dies. */
  fail(error: unknown): void {
    for (const out of this.out) out.close(error)
  }

  private async read(input: AsyncIterable<RecognizerInput>): Promise<void> {
    const { clock } = this.options
    let zeroAtMs: number | undefined
    let fromMs = 0
    for await (const item of input) {
      if (item.type === 'audio') {
        zeroAtMs ??= clock.nowMs() - item.mediaMs - (item.samples.length * 1000) / sampleRateHz
        continue
      }
      this.marks.push({ type: item.type, mediaMs: item.mediaMs })
      if (item.type === 'speech.started') fromMs = item.mediaMs
      else this.recognise(fromMs, item.mediaMs, (zeroAtMs ?? clock.nowMs() - item.mediaMs) + item.mediaMs)
    }
  }

  private recognise(fromMs: number, toMs: number, lastWordAtMs: number): void {
    const { clock, lines, partialDelayMs = 120, finalDelayMs = 120 } = this.options
    const line = lines[this.stretches] ?? null
    this.stretches += 1
    if (line === null) return
    if (line !== '') clock.setTimer(lastWordAtMs + partialDelayMs, () => this.emit('partial', line, fromMs, toMs))
    clock.setTimer(clock.nowMs() + finalDelayMs, () => this.emit('final', line, fromMs, toMs))
  }
}
