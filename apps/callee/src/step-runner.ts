import type { CallState } from './call-state.ts'
import { sendAlienRtp, sendGarbage } from './faults.ts'
import { hangUp, holdFor } from './in-dialog.ts'
import type { SpokenStep } from './measures.ts'
import { nowNs, nsPerMs } from './monotonic-clock.ts'
import { speechGapNs } from './rtp-receiver.ts'
import type { Script, Step } from './script.ts'
import type { SeededRandom } from './seeded-random.ts'
import { buildUtterance, type Utterance } from './utterance.ts'

/** Key of what is played before the answer. */
export const earlyUtterance = -1

/** Makes the audio of all spoken steps, so that nothing is synthesised during the call. @throws Error on a bad clip */
export async function prepareUtterances(script: Script, random: SeededRandom): Promise<Map<number, Utterance>> {
  const utterances = new Map<number, Utterance>()
  const { early } = script
  if (early) utterances.set(earlyUtterance, await buildUtterance(early.parts, script.voice, early.gainDb, random))
  for (const [i, step] of script.steps.entries()) {
    if (!('parts' in step)) continue
    utterances.set(i, await buildUtterance(step.parts, script.voice, step.gainDb, random))
  }
  return utterances
}

/** Follows the script of an answered call to its end. Waits that run out are noted and passed over. */
export async function runSteps(state: CallState): Promise<void> {
  const runner = new StepRunner(state)
  for (const [i, step] of state.script.steps.entries()) {
    if (state.hasEnded) return
    state.note('step', { step: i, kind: step.kind })
    await runner.run(step, i)
  }
  if (state.hasEnded) return
  if (state.script.ends === 'peer') {
    await state.media.until(() => false, state.script.endsTimeout)
    if (state.hasEnded) return
    state.problems.push(`the peer did not end the call within ${state.script.endsTimeout} ms`)
  }
  await hangUp(state)
}

class StepRunner {
  readonly #state: CallState
  /** Sound of the assistant up to here was waited for already, or lies before the caller's own words. */
  #markNs = 0
  /** First sound after the mark, once it was looked for. */
  #turnNs: number | undefined

  constructor(state: CallState) {
    this.#state = state
  }

  async run(step: Step, index: number): Promise<void> {
    const { media } = this.#state
    switch (step.kind) {
      case 'wait':
        return this.#wait(step, index)
      case 'say':
      case 'noise':
        return this.#speak(index, step.kind)
      case 'echo':
        return this.#state.media.giveBack(step)
      case 'interrupt':
      case 'backchannel':
        return this.#speakOver(step, index)
      case 'silence':
        return this.#stayQuiet(step.ms)
      case 'dtmf':
        return media.sender.sendKeys(step.keys)
      case 'hangup':
        return hangUp(this.#state)
      case 'hold':
        return holdFor(this.#state, step.ms, step.mode)
      case 'garbage':
        return sendGarbage(this.#state, step.count)
      case 'alien-rtp':
        return sendAlienRtp(this.#state, step.ms)
      case 'stop-rtp':
        media.sender.suspend(step.ms)
        return this.#stayQuiet(step.ms)
      case 'ssrc-change':
        return media.sender.changeSource()
      default:
        step satisfies never
    }
  }

  #setMark(markNs: number): void {
    this.#markNs = markNs
    this.#turnNs = undefined
  }

  /** When the assistant began to speak after the mark, breaths between its sentences included. */
  #turnStartNs(): number | undefined {
    const { lastAudibleNs, speechStartedNs } = this.#state.media.receiver
    if (lastAudibleNs > this.#markNs) this.#turnNs ??= Math.max(speechStartedNs, this.#markNs)
    return this.#turnNs
  }

  async #stayQuiet(ms: number): Promise<void> {
    const untilNs = nowNs() + ms * nsPerMs
    await this.#state.media.until((now) => now >= untilNs, ms + 1000)
  }

  async #wait(step: Extract<Step, { kind: 'wait' }>, index: number): Promise<void> {
    const { receiver } = this.#state.media
    const silenceNs = step.silenceMs * nsPerMs
    const isMet =
      step.heard === 'start'
        ? () => this.#turnStartNs() !== undefined
        : (now: number) => receiver.lastAudibleNs > this.#markNs && now - receiver.lastAudibleNs >= silenceNs
    const result = await this.#state.media.until(isMet, step.timeoutMs)
    if (result === 'timeout') this.#state.problems.push(`step ${index}: nothing heard (${step.heard})`)
    if (result === 'met' && step.heard === 'end') this.#setMark(receiver.lastAudibleNs)
  }

  async #speakOver(step: Extract<Step, { kind: 'interrupt' | 'backchannel' }>, index: number): Promise<void> {
    const { receiver } = this.#state.media
    const isMet = (now: number) => {
      const startNs = this.#turnStartNs()
      const isSpeaking = now - receiver.lastAudibleNs < speechGapNs
      return startNs !== undefined && isSpeaking && now - startNs >= step.afterMs * nsPerMs
    }
    const result = await this.#state.media.until(isMet, step.timeoutMs)
    if (result === 'timeout')
      this.#state.problems.push(`step ${index}: the assistant did not speak, nothing to talk over`)
    if (result === 'met') await this.#speak(index, step.kind)
  }

  async #speak(index: number, kind: SpokenStep['kind']): Promise<void> {
    const utterance = this.#state.utterances.get(index)
    if (utterance === undefined) return
    const span = await this.#state.media.sender.play(utterance)
    if (span === undefined) return
    // A back-channel or a noise leaves the assistant speaking: what it says now is still to be waited for.
    if (kind !== 'backchannel' && kind !== 'noise') this.#setMark(span.lastSpeechPacketSentNs)
    this.#state.spoken.push({ step: index, kind, ...span })
  }
}
