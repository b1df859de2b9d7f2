import { maxSoundMs, sampleRateHz, VoiceError } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { invalidValue } from '../answer/parameter-errors.ts'
import { findCall } from '../calls/session-lookup.ts'
import { integer, sdkAppId, sessionId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

const maxPlayTimes = 100

/**
 * Plays an uploaded file into a live call. The assistant is cut off and silent meanwhile; the caller may interrupt the file as
 * anything the assistant says, and the talk goes on afterwards.
 */
export const playSoundCall = defineAction({
  name: 'PlaySoundCall',
  parameters: z.object({
    SdkAppId: sdkAppId(),
    SessionId: sessionId(),
    FileId: integer(0, Number.MAX_SAFE_INTEGER),
    PlayTimes: integer(1, maxPlayTimes).optional(),
  }),
  async run({ SessionId, FileId, PlayTimes = 1 }, { applicationId, control, sounds, ...context }) {
    const call = await findCall({ applicationId, control, sounds, ...context }, SessionId)
    if (!call) throw new ApiError('FailedOperation.SessionNotExists')
    const samples = await sounds.library.samples(applicationId, FileId)
    if (!samples) throw new ApiError('InvalidParameterValue.FileNotExist')
    if (samples.length * PlayTimes > (maxSoundMs / 1_000) * sampleRateHz) {
      const minutes = maxSoundMs / 60_000
      throw invalidValue('PlayTimes', {
        en: `makes more than ${minutes} minutes`,
        zh: `播放总时长不能超过 ${minutes} 分钟`,
      })
    }
    try {
      await control.say(call.callId, {
        text: '',
        audio: repeated(samples, PlayTimes),
        interrupt: true,
        endCallAfter: false,
        whenBusy: 'queue',
        interruptible: true,
        remember: false,
      })
    } catch (error) {
      const isNotUp =
        error instanceof VoiceError && (error.code === 'CALL_NOT_FOUND' || error.code === 'CALL_NOT_CONTROLLABLE')
      throw isNotUp ? new ApiError('FailedOperation.SessionNotInControlState') : error
    }
    return {}
  },
})

function repeated(samples: Int16Array, times: number): Int16Array {
  const all = new Int16Array(samples.length * times)
  for (let at = 0; at < all.length; at += samples.length) all.set(samples, at)
  return all
}
