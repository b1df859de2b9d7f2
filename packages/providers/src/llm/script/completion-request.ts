import type { ChatMessage } from '@parley/core'
import { z } from 'zod'

const content = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .nullish()
  .transform((value) => (typeof value === 'string' ? value : (value ?? []).map((part) => part.text ?? '').join(' ')))

/** The members of a chat completion request that a scripted model looks at. */
export const completionRequestSchema = z.looseObject({
  model: z.string().default('script'),
  messages: z.array(z.looseObject({ role: z.string(), content })).min(1),
  stream: z.boolean().default(false),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).default([]),
})

export type CompletionRequest = z.infer<typeof completionRequestSchema>

/** `developer` counts as system; results of tools are not looked at. */
export function chatMessages(request: CompletionRequest): ChatMessage[] {
  return request.messages.flatMap(({ role, content: text }): ChatMessage[] => {
    if (role === 'user' || role === 'assistant') return [{ role, text }]
    return role === 'system' || role === 'developer' ? [{ role: 'system', text }] : []
  })
}
