import { VoiceError } from '@parley/core'
import { z } from 'zod'
import { sdkAppId } from '../parameters/fields.ts'
import { audioFileInfo } from '../sounds/audio-file-info.ts'
import type { SoundServices } from '../sounds/sound-services.ts'
import { type ActionContext, defineAction } from './action.ts'

/** By the API: 5 MB a file. */
const maxFileBytes = 5 * 1024 * 1024
const maxFiles = 50
const file = z.object({ CustomFileName: z.string().min(1).max(255), AudioUrl: z.string().min(1).max(2_048) })

/** Fetches files that may be played into calls afterwards, one after the other, so that the limit of a day is exact. */
export const uploadIvrAudio = defineAction({
  name: 'UploadIvrAudio',
  parameters: z.object({ SdkAppId: sdkAppId(), AudioList: z.array(file).min(1).max(maxFiles) }),
  async run({ AudioList }, context) {
    const { sounds } = context
    const FailedFileList: { FileName: string; FailedMsg: string }[] = []
    const SuccessFileList: ReturnType<typeof audioFileInfo>[] = []
    for (const { CustomFileName, AudioUrl } of AudioList) {
      const result = await taken(CustomFileName, AudioUrl, sounds, context)
      if (typeof result === 'string') FailedFileList.push({ FileName: CustomFileName, FailedMsg: result })
      else SuccessFileList.push(result)
    }
    return { FailedFileList, SuccessFileList }
  },
})

/** The stored file, or why there is none. */
async function taken(customName: string, url: string, sounds: SoundServices, context: ActionContext) {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (!address || !/^https?:$/.test(address.protocol)) return 'AudioUrl must be an http or https address'
  const fetched = await sounds.fetchFile(address.href, maxFileBytes)
  if (fetched.kind === 'failed') return `the file cannot be fetched: ${fetched.reason}`
  try {
    const samples = await sounds.decoder.decode(fetched.bytes)
    const fileName = decodedName(address)
    const sound = await sounds.library.add(context.applicationId, { customName, fileName, samples })
    return sound === 'tooMany' ? 'more than 50 files in a day' : audioFileInfo(sound)
  } catch (error) {
    if (error instanceof VoiceError && error.code === 'MEDIA_SOUND_UNREADABLE') return error.message
    throw error
  }
}

/** Last part of the path. */
function decodedName({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last).slice(0, 255)
  } catch {
    return last.slice(0, 255)
  }
}
