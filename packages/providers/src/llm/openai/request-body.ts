import type { ChatMessage, ModelSpec, ReplyOptions } from '@parley/core'

/**
 * The body of a streaming chat completion. Members of `extraBody` win over ours, except `stream`: the answer is read as
 * a stream whatever they say.
 */
export function requestBody(
  spec: ModelSpec,
  messages: readonly ChatMessage[],
  options: ReplyOptions,
): Record<string, unknown> {
  const body: Record<string, unknown> = {
    messages: messages.map((message) => ({ role: message.role, content: message.text })),
  }
  if (spec.model !== undefined) body.model = spec.model
  if (spec.temperature !== undefined) body.temperature = spec.temperature
  if (spec.topP !== undefined) body.top_p = spec.topP
  if (options.tools.length > 0) {
    body.tools = options.tools.map((tool) => ({
      type: 'function',
      function: {
        name: tool.name,
        description: tool.description,
        parameters: { type: 'object', properties: {} },
      },
    }))
  }
  return { ...body, ...spec.extraBody, stream: true }
}
