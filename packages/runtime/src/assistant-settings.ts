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
  /** Functions by which the model hands the caller to people of a skill group. */
  transfers: z
    .array(
      z.strictObject({
        function: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -'),
        description: z.string().min(1, 'must say when the caller is to be handed over'),
        skillGroup: z.int('must be the id of one of skillGroups'),
      }),
    )
    .default([]),
  llm: z.strictObject({
    type: z.enum(['openai', 'azure', 'minimax', 'dify']).default('openai'),
    url: z.url(),
    apiKey: z.string(),
    model: z.string().exactOptional(),
  }),
})
