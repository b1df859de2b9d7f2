import type { ApiError } from '../answer/api-error.ts'
import { invalidValue } from '../answer/parameter-errors.ts'

/** The refusal of a task that is not there, or is another application's. */
export const noSuchTask = (): ApiError => invalidValue('TaskId', { en: 'names no task', zh: '对应的任务不存在' })
