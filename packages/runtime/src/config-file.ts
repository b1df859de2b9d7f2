import { parseDocument } from 'yaml'
import { z } from 'zod'
import { speechSettings } from './speech-settings.ts'
import { gateway, trunkTransport } from './trunk-transport.ts'
import { turnTakingSettings } from './turn-taking-settings.ts'

const auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('digest'),
    username: z.string().min(1),
    password: z.string(),
    realm: z.string().exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('register'),
    username: z.string().min(1),
    password: z.string(),
    realm: z.string().exactOptional(),
  }),
])

const phoneNumber = z.string().regex(/^\+?[0-9]{2,20}$/, 'must be digits, with or without a leading +')

const trunk = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1-64 letters, digits, dots, dashes or underscores'),
  gateways: z.array(gateway).min(1, 'must have at least one entry'),
  auth: auth.default({ kind: 'none' }),
  numbers: z.array(phoneNumber).min(1, 'must have at least one entry'),
  limits: z
    .strictObject({
      maxConcurrent: z.int().min(1).max(100_000).default(100),
      maxCps: z.number().positive().max(10_000).default(10),
    })
    .prefault({}),
  /** Digits put before the called number, as agreed with the carrier. */
  prefix: z
    .string()
    .regex(/^[0-9*#]{0,16}$/, 'must be up to 16 of 0-9, * and #')
    .exactOptional(),
  calleeFormat: z.enum(['as-is', 'e164']).exactOptional(),
  fromDomain: z.string().min(1).exactOptional(),
  /** Addresses calls may come from, beside the gateways. */
  allowedSources: z.array(z.string().min(1)).exactOptional(),
  setupTimeoutMs: z.int().min(1_000).max(300_000).exactOptional(),
  ...trunkTransport,
})

const application = z.strictObject({
  sdkAppId: z.int().positive(),
  keys: z
    .array(z.strictObject({ secretId: z.string().min(1), secretKey: z.string().min(1) }))
    .min(1, 'must have at least one entry'),
})

const inbound = z.strictObject({
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

const fileSchema = z
  .strictObject({
    applications: z.array(application).min(1, 'must have at least one entry'),
    trunks: z.array(trunk).min(1, 'must have at least one entry'),
    inbound: inbound.exactOptional(),
    llm: z.strictObject({ hedge: z.boolean('must be true or false').default(false) }).prefault({}),
    speech: speechSettings.prefault({}),
    turnTaking: turnTakingSettings.prefault({}),
  })
  .superRefine((file, context) => {
    reportRepeats(
      file.applications.map((item) => item.sdkAppId),
      ['applications'],
      'sdkAppId',
      context,
    )
    reportRepeats(
      file.trunks.map((item) => item.name),
      ['trunks'],
      'name',
      context,
    )
    const keys = file.applications.flatMap((item) => item.keys.map((key) => key.secretId))
    reportRepeats(keys, ['applications'], 'keys.secretId', context)
    if (file.inbound && !file.applications.some((item) => item.sdkAppId === file.inbound?.sdkAppId)) {
      context.addIssue({ code: 'custom', path: ['inbound', 'sdkAppId'], message: 'must be one of applications' })
    }
  })

export type ConfigFile = z.output<typeof fileSchema>

function reportRepeats(values: readonly unknown[], path: string[], key: string, context: z.RefinementCtx): void {
  const repeated = values.filter((value, index) => values.indexOf(value) !== index)
  if (repeated.length > 0)
    context.addIssue({ code: 'custom', path, message: `${key} ${repeated.join(', ')} is given twice` })
}

/** Reads `parley.yaml`: the file, or every problem in it, each naming its key. */
export function parseConfigFile(text: string): { readonly file?: ConfigFile; readonly problems: readonly string[] } {
  const document = parseDocument(text, { prettyErrors: true })
  if (document.errors.length > 0)
    return { problems: document.errors.map((error) => `not valid YAML: ${error.message.split('\n')[0]}`) }
  const result = fileSchema.safeParse(document.toJS() ?? {})
  if (result.success) return { file: result.data, problems: [] }
  return { problems: result.error.issues.map((issue) => `${keyOf(issue.path)}: ${issue.message}`) }
}

/** `trunks[0].gateways[1].port` */
function keyOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(file)'
  return path.reduce<string>(
    (key, part) => (typeof part === 'number' ? `${key}[${part}]` : key ? `${key}.${String(part)}` : String(part)),
    '',
  )
}
