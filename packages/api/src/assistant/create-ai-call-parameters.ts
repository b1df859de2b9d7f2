import { z } from 'zod'
import {
  checkedText,
  dayMs,
  decimal,
  flag,
  integer,
  integerOf,
  sdkAppId,
  text,
  textOf,
  texts,
} from '../parameters/fields.ts'
import { phoneNumber } from './phone-number.ts'

const languages = [
  ...[
    'zh',
    'zh-TW',
    'zh-dialect',
    'zh-yue',
    'en',
    'vi',
    'ja',
    'ko',
    'id',
    'th',
    'pt',
    'tr',
    'ar',
    'es',
    'hi',
    'fr',
    'ms',
  ],
  ...['fil', 'de', 'it', 'ru'],
]
const protocols = ['openai', 'azure', 'minimax', 'dify'] as const

export const variables = () => z.array(z.object({ Key: text().min(1), Value: text() })).max(500)
const functionName = () =>
  checkedText((value) => /^[A-Za-z0-9_-]{1,64}$/.test(value), {
    en: 'must be 1 to 64 letters, digits, _ or -',
    zh: '必须为 1 到 64 位字母、数字、下划线或连字符',
  })

const extraction = z
  .object({
    InfoType: textOf('Text', 'Selector', 'Boolean', 'Number'),
    InfoName: text().min(1),
    InfoContent: text().optional(),
    Examples: texts().optional(),
    Choices: texts().optional(),
  })
  .refine(({ InfoType, Choices }) => InfoType !== 'Selector' || (Choices?.length ?? 0) > 0, {
    path: ['Choices'],
    params: { en: 'must not be empty for the type Selector', zh: '在类型为 Selector 时不能为空' },
  })

const extractions = z
  .array(extraction)
  .max(100)
  .refine((items) => new Set(items.map(({ InfoName }) => InfoName)).size === items.length, {
    params: { en: 'must have a different InfoName in each element', zh: '中的 InfoName 不得重复' },
  })

/** `CreateAICallRequest`, every field. Ranges are the documented ones; where none is, what makes sense for a call. */
export const createAiCallParameters = z.object({
  SdkAppId: sdkAppId(),
  Callee: phoneNumber(),
  LLMType: checkedText((value) => modelProtocol(value) !== undefined, {
    en: `must be one of: ${protocols.join(', ')}`,
    zh: `取值必须为其中之一：${protocols.join(', ')}`,
  }),
  APIKey: checkedText((value) => /^[\x20-\x7e]{0,8192}$/.test(value), {
    en: 'must be printable ASCII without line breaks',
    zh: '必须为可打印的 ASCII 字符，不得包含换行',
  }),
  APIUrl: text().max(2048),
  SystemPrompt: text().optional(),
  Model: text().max(256).optional(),
  VoiceType: text().max(128).optional(),
  Callers: z.array(phoneNumber()).max(500).optional(),
  WelcomeMessage: text().optional(),
  WelcomeType: integerOf(0, 1).optional(),
  WelcomeMessagePriority: integerOf(0, 2).optional(),
  MaxDuration: integer(1, dayMs).optional(),
  Languages: z
    .array(textOf(...languages))
    .max(4)
    .optional(),
  InterruptMode: integerOf(0, 1).optional(),
  InterruptSpeechDuration: integer(0, dayMs).optional(),
  EndFunctionEnable: flag().optional(),
  EndFunctionDesc: text().optional(),
  TransferFunctionEnable: flag().optional(),
  TransferItems: z
    .array(
      z.object({ TransferFunctionName: functionName(), TransferFunctionDesc: text(), TransferSkillGroupId: z.int() }),
    )
    .max(100)
    .optional(),
  TransferToAgentEnable: flag().optional(),
  TransferToAgentItems: z
    .array(z.object({ TransferToAgentName: functionName(), TransferToAgentDesc: text(), TransferToAgentId: z.int() }))
    .max(100)
    .optional(),
  NotifyDuration: integer(10, dayMs / 1000).optional(),
  NotifyMessage: text().optional(),
  NotifyMaxCount: integer(0, Number.MAX_SAFE_INTEGER).optional(),
  CustomTTSConfig: text().optional(),
  PromptVariables: variables().optional(),
  VadSilenceTime: integer(240, 2000).optional(),
  ExtractConfig: extractions.optional(),
  Temperature: decimal(0, 2).optional(),
  Variables: variables().optional(),
  TopP: decimal(0, 1).optional(),
  VadLevel: integer(0, 3).optional(),
  ToneWord: z
    .object({
      FirstSentenceTimeout: decimal(0, 60).optional(),
      ZHToneWords: z
        .object({ Neutral: texts().optional(), Positive: texts().optional(), Negative: texts().optional() })
        .optional(),
    })
    .optional(),
  EnableComplianceAudio: flag().optional(),
  EnableVoicemailDetection: flag().optional(),
  VoicemailAction: integerOf(0).optional(),
  LLMExtraBody: text().optional(),
  MaxCallDurationMs: integer(0, dayMs).optional(),
  MaxRingTimeoutSecond: integer(0, dayMs / 1000).optional(),
  AmbientSoundType: textOf('', 'coffee_shops', 'busy_office').optional(),
  AmbientSoundVolume: decimal(0, 2).optional(),
  AcquireTimeoutSecond: integer(0, 5).optional(),
  CustomSTTConfig: text().optional(),
})

export type CreateAiCallParameters = z.output<typeof createAiCallParameters>

/** Those of an agent: all but who calls whom for whom. */
export type AssistantParameters = Omit<CreateAiCallParameters, 'SdkAppId' | 'Callee' | 'Callers'>

/** `LLMType` without regard to case (the documents write `OpenAI` too). */
export function modelProtocol(llmType: string): (typeof protocols)[number] | undefined {
  return protocols.find((protocol) => protocol === llmType.trim().toLowerCase())
}
