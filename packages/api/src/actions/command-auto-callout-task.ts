import type { CampaignCommand } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import type { LocalizedText } from '../answer/localized-text.ts'
import { noSuchTask } from '../campaigns/no-such-task.ts'
import { sdkAppId } from '../parameters/fields.ts'
import { type Action, defineAction } from './action.ts'

const wrongStates: Readonly<Record<CampaignCommand, LocalizedText>> = {
  pause: { en: 'Only a task that waits for its time or runs can be paused.', zh: '只有未开始或运行中的任务可以暂停。' },
  resume: { en: 'Only a paused task can be resumed.', zh: '只有已暂停的任务可以恢复。' },
  stop: { en: 'The task is over already.', zh: '任务已结束。' },
}

function commandAction(name: string, command: CampaignCommand): Action {
  return defineAction({
    name,
    parameters: z.object({ SdkAppId: sdkAppId(), TaskId: z.int() }),
    async run({ TaskId }, context) {
      const outcome = await context.campaigns.command(context.applicationId, TaskId, command)
      if (outcome === undefined) throw noSuchTask()
      if (outcome === 'wrongState') throw new ApiError('UnsupportedOperation', wrongStates[command])
      context.logger.info('campaign was told', { campaignId: TaskId, command })
      return {}
    },
  })
}

/** Ends a task; calls in progress go on. */
export const stopAutoCalloutTask = commandAction('StopAutoCalloutTask', 'stop')
/** Begins no further calls until the task is resumed; calls in progress go on. */
export const pauseAutoCalloutTask = commandAction('PauseAutoCalloutTask', 'pause')
export const resumeAutoCalloutTask = commandAction('ResumeAutoCalloutTask', 'resume')
