import { z } from 'zod'

/** Who takes incoming calls: section `inbound`, and each entry of `assistants`. */
export const assistantSettings = z.strictObject({
  sdkAppId: z.int().positive(),
  systemPrompt: z.string().default(''),
  welcomeMessage: z.string().default(''),
  languages: z.array(z.string()).min(1).default(['en']),
  hints: z.array(z.string()).default([]),
  vadSilenceTime: z.int().min(240).max(2000).default(500),
  voice: z.string().exactOptional(),
  llm: z.strictObject({
    type: z.enum(['openai', 'azure', 'minimax', 'dify']).default('openai'),
    url: z.url(),
    apiKey: z.string(),
    model: z.string().exactOptional(),
  }),
})
