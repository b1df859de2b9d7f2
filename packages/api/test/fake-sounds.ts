import { type NewSound, type Sound, type SoundQuery, VoiceError } from '@parley/core'
import type { SoundServices } from '../src/sounds/sound-services.ts'

/** Three files a day; a file of each application with number 1 is there. What begins with `bad` cannot be decoded. */
export function fakeSounds() {
  const stored: (Sound & { readonly applicationId: number; readonly samples: Int16Array })[] = []
  const decoded: { readonly text: string; readonly rawRateHz: number | undefined }[] = []
  const services: SoundServices = {
    library: {
      add: async (owner: number, { customName, fileName, samples }: NewSound) => {
        if (stored.length >= 3) return 'tooMany'
        const durationMs = samples.length / 8
        const sound = { fileId: stored.length + 2, customName, fileName, durationMs }
        stored.push({ ...sound, applicationId: owner, samples })
        return sound
      },
      list: async ({ applicationId: owner, customNames, limit, offset }: SoundQuery) => {
        const found = stored.filter(
          (sound) => sound.applicationId === owner && (!customNames || customNames.includes(sound.customName)),
        )
        return { total: found.length, sounds: found.toReversed().slice(offset, offset + limit) }
      },
      samples: async (_owner, fileId) =>
        fileId === 1 ? Int16Array.of(1, 2, 3) : stored.find((sound) => sound.fileId === fileId)?.samples,
    },
    decoder: {
      decode: async (bytes, rawRateHz) => {
        const text = Buffer.from(bytes).toString('latin1')
        decoded.push({ text, rawRateHz })
        if (text.startsWith('bad')) throw new VoiceError('MEDIA_SOUND_UNREADABLE', { detail: 'it is noise' })
        return Int16Array.from(bytes)
      },
    },
    fetchFile: async (url) =>
      url.includes('inside')
        ? { kind: 'failed', reason: 'private address' }
        : { kind: 'fetched', bytes: Buffer.from(url.includes('bad') ? 'bad' : 'sound') },
  }
  return Object.assign(services, { stored, decoded })
}
