import { type SayRequest, VoiceError } from '@parley/core'
import { z } from 'zod'
import { ApiError } from '../answer/api-error.ts'
import { invalidValue, missingParameter } from '../answer/parameter-errors.ts'
import { findCall } from '../calls/session-lookup.ts'
import { flag, integerOf, sdkAppId, sessionId, text, textOf } from '../parameters/fields.ts'
import type { SoundServices } from '../sounds/sound-services.ts'
import { type ActionContext, defineAction } from './action.ts'

const rawAudioHz = 16_000

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
    const say = parameters.Command === 'ServerPushText' ? await sayRequest(parameters, context) : undefined
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

async function sayRequest({ ServerPushText: push }: Parameters, { sounds }: ActionContext): Promise<SayRequest> {
  const audio = push?.Audio ? await pushedAudio(push.Audio, sounds) : undefined
  if (!push || (!audio && !push.Text?.trim())) throw missingParameter('ServerPushText.Text')
  return {
    ...(audio ? { text: '', audio } : { text: push.Text ?? '' }),
    interrupt: push.Interrupt ?? false,
    endCallAfter: push.StopAfterPlay ?? false,
    whenBusy: push.DropMode === 1 ? 'queue' : 'drop',
    interruptible: push.Priority !== 1,
    remember: push.AddHistory ?? false,
  }
}

/** 16-bit mono PCM at the rate that speech synthesis has by default, or a WAV or MP3 file, which tells its own. */
async function pushedAudio(base64: string, sounds: SoundServices | undefined): Promise<Int16Array> {
  if (!sounds) throw new ApiError('FailedOperation.ControlAIConversation')
  const bytes = Buffer.from(base64, 'base64')
  // What base64 does not have is skipped by the decoder; then it was something else.
  const isBase64 = bytes.length > 0 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(base64.replace(/\s+/g, ''))
  try {
    if (isBase64) return await sounds.decoder.decode(bytes, rawAudioHz)
  } catch (error) {
    if (!(error instanceof VoiceError) || error.code !== 'MEDIA_SOUND_UNREADABLE') throw error
  }
  throw invalidValue('ServerPushText.Audio', {
    en: `must be 16-bit mono PCM at ${rawAudioHz} Hz, WAV or MP3, in base64`,
    zh: `必须是 base64 编码的 ${rawAudioHz} Hz 16 位单声道 PCM、WAV 或 MP3`,
  })
}

function askRequest({ InvokeLLM: invoke }: Parameters) {
  if (!invoke?.Content?.trim()) throw missingParameter('InvokeLLM.Content')
  return { text: invoke.Content, interrupt: invoke.Interrupt ?? false }
}
