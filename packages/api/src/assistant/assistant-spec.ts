import {
  type ApplicationId,
  type AssistantSpec,
  type CallId,
  type GreetingSpec,
  type ModelSpec,
  Secret,
  type ToolSpec,
  type TurnDefaults,
  type VoiceSpec,
} from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'
import type { ApiSkillGroup } from '../api-options.ts'
import { afterCallPlan } from './after-call-plan.ts'
import { type AssistantParameters, modelProtocol } from './create-ai-call-parameters.ts'
import { jsonObject } from './json-text.ts'
import { type PromptVariables, promptVariables } from './prompt-variables.ts'
import { recognitionHints } from './recognition-hints.ts'
import { transferTools } from './transfer-tools.ts'
import { turnPolicy } from './turn-policy.ts'

/** Documented name and default description of the function that ends the call. */
const endFunction = {
  name: 'call_end',
  description: 'End the call when user has to leave (like says bye) or you are instructed to do so.',
} as const

/** Identity of the call for the headers of model requests. */
export interface CallIdentity {
  readonly callId: CallId
  readonly applicationId: ApplicationId
}

/**
 * Translates the fields of `CreateAICall` that shape the talk. They have passed `assertAssistant`.
 *
 * @throws ApiError InvalidParameterValue
 */
export function assistantSpec(
  parameters: AssistantParameters,
  identity: CallIdentity,
  turnDefaults: TurnDefaults,
  skillGroups: readonly ApiSkillGroup[],
): AssistantSpec {
  const { EnableComplianceAudio } = parameters
  const customRecognition = jsonObject('CustomSTTConfig', parameters.CustomSTTConfig)
  const variables = promptVariables(parameters.PromptVariables ?? [], parameters.Variables ?? [])
  const languages = parameters.Languages?.length ? parameters.Languages : ['zh']
  const instructions = variables.fill(parameters.SystemPrompt ?? '')
  const welcome = variables.fill(parameters.WelcomeMessage ?? '')
  const turn = turnPolicy(parameters, languages[0] ?? 'zh', turnDefaults)
  const spoken = [welcome, instructions, turn.silencePrompt?.text ?? '']
  const ending = endTool(parameters)
  const tools = [...ending, ...transferTools(parameters, skillGroups, ending)]
  const afterCall = afterCallPlan(parameters.ExtractConfig, variables.analyse)
  return {
    instructions,
    model: modelSpec(parameters, variables, identity),
    voice: voiceSpec(parameters, identity),
    recognition: {
      languages,
      hints: recognitionHints(variables.hints, spoken),
      ...(customRecognition && { custom: customRecognition }),
    },
    farFieldSuppression: parameters.VadLevel ?? 0,
    ...(EnableComplianceAudio === undefined ? {} : { complianceTone: EnableComplianceAudio }),
    ...ambience(parameters),
    ...(parameters.EnableVoicemailDetection ? { hangUpOnMachine: true } : {}),
    greeting: greeting(parameters.WelcomeType, welcome),
    greetingInterruptible: parameters.WelcomeMessagePriority !== 2,
    greetingDelayMs: variables.greetingDelayMs,
    turn,
    ...(afterCall && { afterCall }),
    tools,
    ...(tools.some(({ kind }) => kind === 'transferToAgent') && { variables: variables.values }),
  }
}

const scenes = { coffee_shops: 'coffeeShop', busy_office: 'busyOffice' } as const

function ambience({ AmbientSoundType: type, AmbientSoundVolume: volume = 1 }: AssistantParameters) {
  return type === 'coffee_shops' || type === 'busy_office' ? { ambience: { scene: scenes[type], volume } } : {}
}

function endTool({ EndFunctionEnable, EndFunctionDesc }: AssistantParameters): readonly ToolSpec[] {
  if (!EndFunctionEnable) return []
  const { name, description } = endFunction
  return [{ kind: 'endCall', name, description: EndFunctionDesc?.trim() || description }]
}

function greeting(welcomeType: number | undefined, welcome: string): GreetingSpec {
  if (welcomeType === 1) return { kind: 'generate' }
  return welcome.trim() === '' ? { kind: 'none' } : { kind: 'text', text: welcome }
}

function modelSpec(parameters: AssistantParameters, variables: PromptVariables, identity: CallIdentity): ModelSpec {
  const protocol = modelProtocol(parameters.LLMType)
  if (!protocol) throw invalidValue('LLMType', { en: 'is not known', zh: '取值错误' })
  const difyBody = protocol === 'dify' ? variables.difyBody : undefined
  const ownBody = jsonObject('LLMExtraBody', parameters.LLMExtraBody)
  return {
    protocol,
    baseUrl: parameters.APIUrl.trim(),
    apiKey: new Secret(parameters.APIKey),
    ...(parameters.Model && { model: parameters.Model }),
    ...(parameters.Temperature !== undefined && { temperature: parameters.Temperature }),
    ...(parameters.TopP !== undefined && { topP: parameters.TopP }),
    ...((difyBody || ownBody) && { extraBody: { ...difyBody, ...ownBody } }),
    headers: identityHeaders(identity),
  }
}

function voiceSpec({ VoiceType, CustomTTSConfig }: AssistantParameters, identity: CallIdentity): VoiceSpec {
  const name = VoiceType?.trim()
  const custom = jsonObject('CustomTTSConfig', CustomTTSConfig)
  return { ...(name && { name }), ...(custom && { custom, headers: identityHeaders(identity) }) }
}

/** Documented for the sister product; lets the server of a model or a voice tell calls apart. */
const identityHeaders = ({ callId, applicationId }: CallIdentity) => ({
  'X-Task-Id': callId,
  'X-Sdk-App-Id': String(applicationId),
})
