import { type Command, flag } from '../command.ts'
import { callAction } from '../engine/action.ts'
import { findCall } from '../engine/call.ts'

/** Ends a call. */
export const hangup: Command = {
  name: 'hangup',
  synopsis: 'ID',
  summary: 'end a call',
  help: [],
  options: {},
  arguments: [1, 1],
  async run({ engine, positionals, wallMs }) {
    const { id, sdkAppId } = await findCall(engine, positionals[0] ?? '')
    await callAction(engine, 'HangUpCall', { SdkAppId: sdkAppId, SessionId: id }, wallMs())
    return 0
  },
}

/** Has the assistant say something, or the model told something. */
export const say: Command = {
  name: 'say',
  synopsis: 'ID TEXT [OPTIONS]',
  summary: 'have the assistant say a text in a live call',
  help: [
    '--interrupt           at once, in place of what is being said',
    '--hangup              end the call after it',
    '--ask                 put the text to the model instead, as if the caller had said it',
  ],
  options: { interrupt: { type: 'boolean' }, hangup: { type: 'boolean' }, ask: { type: 'boolean' } },
  arguments: [2, 2],
  async run(job) {
    const { engine, positionals } = job
    const [name = '', text = ''] = positionals
    const { id, sdkAppId } = await findCall(engine, name)
    const Interrupt = flag(job, 'interrupt')
    const command = flag(job, 'ask')
      ? { Command: 'InvokeLLM', InvokeLLM: { Content: text, Interrupt } }
      : {
          Command: 'ServerPushText',
          ServerPushText: { Text: text, Interrupt, StopAfterPlay: flag(job, 'hangup'), AddHistory: true, DropMode: 1 },
        }
    await callAction(engine, 'ControlAIConversation', { SdkAppId: sdkAppId, SessionId: id, ...command }, job.wallMs())
    return 0
  },
}
