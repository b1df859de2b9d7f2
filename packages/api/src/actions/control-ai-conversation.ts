import { VoiceError } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { missingParameter } from '../answer/parameter-errors.ts'
import { findCall } from '../calls/session-lookup.ts'
import { flag, integerOf, sdkAppId, sessionId, text, textOf } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

const parameters = z.object({
  SdkAppId: sdkAppId(),
  SessionId: sessionId(),
  Command: textOf('ServerPushText', 'InvokeLLM'),
  ServerPushText: z
    .object({
      Text: text().optional(),
      Interrupt: flag().optional(),
      StopAfterPlay: flag().optional(),
      Audio: text().optional(),
      DropMode: integerOf(0, 1).optional(),
      Priority: integerOf(0, 1).optional(),
      AddHistory: flag().optional(),
    })
    .optional(),
  InvokeLLM: z.object({ Content: text().optional(), Interrupt: flag().optional() }).optional(),
})
type Parameters = z.output<typeof parameters>

/** Speaks a text in a live call, or gives the model a user turn. */
export const controlAiConversation = defineAction({
  name: 'ControlAIConversation',
  parameters,
  async run(parameters, context) {
    const say = parameters.Command === 'ServerPushText' ? sayRequest(parameters) : undefined
    const ask = parameters.Command === 'InvokeLLM' ? askRequest(parameters) : undefined
    const call = await findCall(context, parameters.SessionId)
    if (!call) throw new ApiError('FailedOperation.SessionNotExists')
    try {
      if (say) await context.control.say(call.callId, say)
      if (ask) await context.control.ask(call.callId, ask)
    } catch (error) {
      // A call on record that nobody holds is waiting to be dialled, or over.
      const isGone = error instanceof VoiceError && error.code === 'CALL_NOT_FOUND'
      throw isGone ? new ApiError('FailedOperation.SessionNotInControlState') : error
    }
    return {}
  },
})

function sayRequest({ ServerPushText: push }: Parameters) {
  if (push?.Audio) {
    throw new ApiError('FailedOperation.ControlAIConversation', {
      en: 'Playing `ServerPushText.Audio` is not available in this version; send `Text`.',
      zh: '当前版本暂不支持 `ServerPushText.Audio`，请使用 `Text`。',
    })
  }
  if (!push?.Text?.trim()) throw missingParameter('ServerPushText.Text')
  return {
    text: push.Text,
    interrupt: push.Interrupt ?? false,
    endCallAfter: push.StopAfterPlay ?? false,
    whenBusy: push.DropMode === 1 ? 'queue' : 'drop',
    interruptible: push.Priority !== 1,
    remember: push.AddHistory ?? false,
  } as const
}

function askRequest({ InvokeLLM: invoke }: Parameters) {
  if (!invoke?.Content?.trim()) throw missingParameter('InvokeLLM.Content')
  return { text: invoke.Content, interrupt: invoke.Interrupt ?? false }
}
