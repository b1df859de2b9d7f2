import { z } from 'zod'
import { integer, sdkAppId, texts } from '../parameters/fields.ts'
import { audioFileInfo } from '../sounds/audio-file-info.ts'
import { defineAction } from './action.ts'

const names = () => texts().max(1000).optional()

/** Files that were uploaded, the latest first. Each filter that is given must hold. */
export const describeIvrAudioList = defineAction({
  name: 'DescribeIvrAudioList',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    PageSize: integer(1, 50),
    PageNumber: integer(0, 1_000_000),
    CustomFileName: names(),
    AudioFileName: names(),
    FileId: z.array(z.int()).max(1000).optional(),
  }),
  async run({ PageSize, PageNumber, CustomFileName, AudioFileName, FileId }, { applicationId, sounds }) {
    const found = await sounds.library.list({
      applicationId,
      ...(FileId?.length ? { fileIds: FileId } : {}),
      ...(CustomFileName?.length ? { customNames: CustomFileName } : {}),
      ...(AudioFileName?.length ? { fileNames: AudioFileName } : {}),
      limit: PageSize,
      offset: PageSize * PageNumber,
    })
    return { TotalCount: found.total, FileInfo: found.sounds.map(audioFileInfo) }
  },
})
