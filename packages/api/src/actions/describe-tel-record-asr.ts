import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { asrDataList } from '../calls/asr-data.ts'
import { findCall } from '../calls/session-lookup.ts'
import { sdkAppId, sessionId } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** The transcript of an answered call, also while it runs. */
export const describeTelRecordAsr = defineAction({
  name: 'DescribeTelRecordAsr',
  instanceNotExist: 'InvalidParameter.InstanceNotExist',
  parameters: z.object({ SdkAppId: sdkAppId(), SessionId: sessionId() }),
  async run(parameters, context) {
    const call = await findCall(context, parameters.SessionId)
    if (call?.answeredAtMs === undefined) throw new ApiError('ResourceNotFound')
    return { AsrDataList: asrDataList(call, await context.records.transcript(context.applicationId, call.callId)) }
  },
})
