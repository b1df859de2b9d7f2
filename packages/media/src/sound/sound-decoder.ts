import { type Clock, type SoundDecoder, VoiceError } from '@parley/core'
import { workOnFile } from '../encoding/work-on-file.ts'

/** Nine minutes of MP3 take seconds. Taste. */
const limitMs = 60_000
/** Sounds decoded at a time; others wait. Taste. */
const maxAtOnce = 2

/** `workerUrl`: module that calls `runEncodingWorker(parentPort, workerData)`. */
export function createSoundDecoder(workerUrl: URL, clock: Clock): SoundDecoder {
  const waiting: (() => void)[] = []
  let busy = 0
  const decode = async (bytes: Uint8Array, rawRateHz: number | undefined): Promise<Int16Array> => {
    const late = new AbortController()
    using _timer = clock.setTimer(clock.nowMs() + limitMs, () =>
      late.abort(new VoiceError('MEDIA_SOUND_UNREADABLE', { detail: 'it takes too long' })),
    )
    const raw = rawRateHz === undefined ? {} : { rawRateHz }
    const answer = await workOnFile(workerUrl, { kind: 'decode', bytes, ...raw }, late.signal)
    if (answer.kind === 'done' && answer.samples) return answer.samples
    const reason = answer.kind === 'failed' ? answer.reason : 'there are no samples'
    throw new VoiceError('MEDIA_SOUND_UNREADABLE', { detail: reason })
  }
  return {
    async decode(bytes, rawRateHz) {
      if (busy >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
      else busy += 1
      try {
        return await decode(bytes, rawRateHz)
      } finally {
        const next = waiting.shift()
        if (next) next()
        else busy -= 1
      }
    },
  }
}
