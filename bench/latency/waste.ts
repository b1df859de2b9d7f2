import type { SimulatorRecord } from '../simulators/request-log.ts'

/** What was asked of the providers and not heard. */
export interface Waste {
  readonly modelRequestsCancelled: number
  readonly speechRequestsCancelled: number
  /** Of replies of which not a word was heard. */
  readonly tokens: number
  /** Audio of such replies, bytes of 16-bit PCM. */
  readonly speechBytes: number
  /** Part of it sent after the engine had cancelled the reply's model request, or the speech itself. */
  readonly speechBytesAfterCancel: number
}

const responseOf = (text: string) => Number(/\bw(\d+)n\d+/.exec(text)?.[1] ?? Number.NaN)

/** `heard`: responses of which the telephones heard something. */
export function sumWaste(records: readonly SimulatorRecord[], heard: ReadonlySet<number>): Waste {
  const models = records.filter((record) => record.kind === 'llm')
  const unheard = records.filter((record) => record.kind === 'tts' && !heard.has(responseOf(record.text)))
  const spoken = unheard.filter((record) => record.kind === 'tts' && Number.isFinite(responseOf(record.text)))
  let speechBytes = 0
  let speechBytesAfterCancel = 0
  let speechRequestsCancelled = 0
  for (const record of spoken) {
    if (record.kind !== 'tts') continue
    const model = models.find(({ response }) => response === responseOf(record.text))
    const cancelledNs = Math.min(
      model?.cancelledNs ?? Number.POSITIVE_INFINITY,
      record.cancelledNs ?? Number.POSITIVE_INFINITY,
    )
    const late = record.chunksNs.filter((atNs) => atNs > cancelledNs).length
    speechBytes += record.bytes
    speechBytesAfterCancel += record.chunksNs.length === 0 ? 0 : (record.bytes * late) / record.chunksNs.length
    if (record.cancelledNs !== undefined) speechRequestsCancelled += 1
  }
  const wasted = models.filter(({ response }) => !heard.has(response))
  return {
    modelRequestsCancelled: models.filter(({ cancelledNs }) => cancelledNs !== undefined).length,
    speechRequestsCancelled,
    tokens: wasted.reduce((sum, { tokensNs }) => sum + tokensNs.length, 0),
    speechBytes,
    speechBytesAfterCancel: Math.round(speechBytesAfterCancel),
  }
}
