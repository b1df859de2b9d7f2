import type { CreateAiCallParameters } from './create-ai-call-parameters.ts'

/** What a reader should know of a field that has an effect. */
const effective = (note = '') => note

/** Every field of `CreateAICall`, all of them effective, and a note; the source of the table in the documentation. */
export const createAiCallEffects: Readonly<Record<keyof CreateAiCallParameters, string>> = {
  SdkAppId: effective('the application of the key'),
  Callee: effective('`0086…`, `+86…`, national number or SIP user; records return it as given'),
  LLMType: effective('`openai`, `azure`, `minimax`, `dify`, in any case'),
  APIKey: effective('never logged or returned'),
  APIUrl: effective('http or https; private addresses only when the operator allows them'),
  SystemPrompt: effective('`{{Key}}` placeholders are filled; its sentences help recognition'),
  Model: effective(),
  VoiceType: effective('a configured voice; the built-in voice serves every other name'),
  Callers: effective('empty: any number of the application'),
  WelcomeMessage: effective('`{{Key}}` placeholders are filled'),
  WelcomeType: effective('0 says `WelcomeMessage`, 1 lets the model greet'),
  WelcomeMessagePriority: effective('2: cannot be interrupted'),
  MaxDuration: effective('silence limit, default 60000'),
  Languages: effective('default `["zh"]`; the built-in recogniser knows English only'),
  InterruptMode: effective(),
  InterruptSpeechDuration: effective('default 500; voice pauses the assistant, words stop it'),
  EndFunctionEnable: effective('function `call_end`'),
  EndFunctionDesc: effective(),
  TransferFunctionEnable: effective('one function for each of `TransferItems`'),
  TransferItems: effective('groups of `skillGroups` in parley.yaml; see transfer.md'),
  TransferToAgentEnable: effective('one function for each of `TransferToAgentItems`'),
  TransferToAgentItems: effective('stored agents of the application; see agents.md'),
  NotifyDuration: effective('default 10'),
  NotifyMessage: effective('default by main language'),
  NotifyMaxCount: effective('default unlimited; 0: never'),
  CustomTTSConfig: effective(
    'every `TTSType` but `flow`, which is refused; the built-in voice says what the own voice fails to say; see voices.md',
  ),
  PromptVariables: effective('`Variables` win'),
  VadSilenceTime: effective('240 to 2000, default 1000'),
  ExtractConfig: effective("asked of the call's own model once the call is over; see after-call.md"),
  Temperature: effective('0 to 2'),
  Variables: effective(
    'also `welcome-message-delay`, `dify-inputs-*`, `parley-asr-hints` (one hint a line) and `parley-analysis` (`true`: see after-call.md)',
  ),
  TopP: effective('0 to 1'),
  VadLevel: effective(),
  ToneWord: effective('neutral words, else positive ones; 1 s when no time is given'),
  EnableComplianceAudio: effective(
    'default true (`PARLEY_COMPLIANCE_TONE`): 0.7 s of Morse code before the greeting; see voices.md',
  ),
  EnableVoicemailDetection: effective('by words, beep and cadence of the greeting; status 222'),
  VoicemailAction: effective('0: hang up'),
  LLMExtraBody: effective('JSON object, merged into the request body'),
  MaxCallDurationMs: effective('0: no limit'),
  MaxRingTimeoutSecond: effective('0: no limit'),
  AmbientSoundType: effective('behind the whole talk, until a human is put through; see voices.md'),
  AmbientSoundVolume: effective('1: 20 dB and more below speech; 2: twice the amplitude; 0: silent'),
  AcquireTimeoutSecond: effective('default 5'),
  CustomSTTConfig: effective('`STTType` `deepgram` or `deepgram-flux`, in a format of our own; see voices.md'),
}
