import type { Sound } from '@parley/core'

/** Nobody reviews files here: they are passed at once. */
const passed = 1

/** `AudioFileInfo` of the API. */
export function audioFileInfo({ fileId, customName, fileName }: Sound) {
  return { FileId: fileId, CustomFileName: customName, AudioFileName: fileName, Status: passed }
}
