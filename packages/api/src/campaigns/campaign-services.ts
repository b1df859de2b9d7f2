import type { Campaigns } from '@parley/core'
import { ApiError } from '../answer/api-error.ts'
import { invalidValue } from '../answer/parameter-errors.ts'

/** @throws ApiError UnsupportedOperation where the server has no campaigns */
export function campaignsOf({ campaigns }: { readonly campaigns?: Campaigns | undefined }): Campaigns {
  if (campaigns) return campaigns
  throw new ApiError('UnsupportedOperation', {
    en: 'Automatic call-out tasks are not available on this server.',
    zh: '当前服务不支持自动外呼任务。',
  })
}

/** The refusal of a task that is not there, or is another application's. */
export const noSuchTask = (): ApiError => invalidValue('TaskId', { en: 'names no task', zh: '对应的任务不存在' })
