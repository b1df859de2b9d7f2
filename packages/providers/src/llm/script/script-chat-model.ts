import type { ChatModel, Clock } from '@parley/core'
import { endToolAmong, pacedReply, type ReplyPace } from './paced-reply.ts'
import type { Script } from './parse-script.ts'
import { runScript } from './run-script.ts'

/** A scripted assistant in this process. The same answers as over HTTP, without a connection. */
export function scriptChatModel(script: Script, clock: Clock, pace: ReplyPace = {}): ChatModel {
  return {
    name: `script/${script.name}`,
    async *reply(messages, options, signal) {
      signal.throwIfAborted()
      const names = options.tools.map((tool) => tool.name)
      const end = options.tools.find((tool) => tool.kind === 'endCall')?.name ?? endToolAmong(names)
      yield* pacedReply(
        runScript(script, messages),
        (tool) => (tool.kind === 'end' ? end : names.find((name) => name === tool.name)),
        pace,
        clock,
        signal,
      )
    },
  }
}
