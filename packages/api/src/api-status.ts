import { actions } from './actions/action-index.ts'
import { emptyActions } from './actions/empty-actions.ts'
import { foreignActions } from './actions/known-actions.ts'
import { createAiCallEffects } from './assistant/create-ai-call-effects.ts'

/** What a reader should know of actions that are performed. */
const actionNotes: Readonly<Record<string, string>> = {
  CreateAICall:
    'see the table of its fields. With the header `X-Idempotency-Key` (8 to 255 characters; shorter ones are ignored) a repetition within 24 h makes no second call and returns the `SessionId` of the first, also when that was erased meanwhile; with other parameters it is refused with `InvalidParameter`; after a refusal the key is free again',
  ControlAIConversation:
    '`ServerPushText.Audio` is 16-bit mono PCM at 16 kHz, or a WAV or MP3 file, and is in no transcript',
  HangUpCall: 'in any state; a call that is over is a success',
  TransferToManual:
    'the assistant stops at once and comes back when nobody takes the call; `FailedOperation.SessionNotExists` also for a call that is not in a talk',
  DescribeTelCdr: 'newest first, by creation time; `RecordURL` and `AsrUrl` open for 24 h',
  DescribeSessionDetail: 'also while the call runs',
  DescribeTelSession: '`Session` is null for an unknown call',
  DescribeTelRecordAsr: '`User` is `user` or `bot`; `Start` and `End` are ms since the answer, as in the recording',
  DescribeAILatency:
    'ASR: last voice to final transcript (to the end of the turn when the model was asked ahead); LLM: request to last token; TTS: first text to first audio; ETE: last voice to first packet',
  DescribeNumbers: 'own and shared numbers; `State` is 4 when this application switched the number off',
  DescribeProtectedTelCdr: 'as `DescribeTelCdr`; of a number the last four digits are shown',
  DescribePSTNActiveSessionList: 'newest first; a call counts from when an engine takes it until it is over',
  DescribeAICallInteractionRecords:
    'what was said in each turn, and when; `Paths`, intents and slots belong to a canvas and are empty; `Tags` of the call stand in its last round (see agents.md); `RoundId` as in `DescribeAILatency`',
  DescribeAICallExtractResult:
    'empty until the model has answered; `Result` is null where the talk does not tell, or the model gave no value of the type; see after-call.md',
  DescribeAIAnalysisResult: 'of calls with the variable `parley-analysis`; see after-call.md',
  DescribeTelCallInfo:
    'finished calls by creation time, each begun minute of a talk counts whole; `AsrRealtimeCount` is the sum of both directions',
  UploadIvrAudio: '9 minutes at most; `Status` is always 1 (passed); stored with the application for good',
  DescribeIvrAudioList: 'the latest first',
  PlaySoundCall:
    'in a call the assistant carries: it is cut off and silent meanwhile, and the caller may interrupt; 9 minutes at most',
  CreateAIAgentCall: 'every field as in `CreateAICall`; with the published version of the agent, see agents.md',
  DescribeAIAgentInfoList: 'by id; `VariableNames`: placeholders of the prompt and the welcome text',
  CreateOwnNumberApply:
    'numbers come onto a trunk of the application (`SipTrunkId`: see trunks.md) and are usable at once; `ApplyId` is the id of the trunk; formats are refused, they are settings of the trunk',
  ModifyOwnNumberApply: 'numbers of the application are set anew; with `ApplyId` others are added to that trunk',
  DisableCCCPhoneNumber:
    'for the application alone, also where others share the number; without `SdkAppId` for all of the key',
  BindNumberCallOutSkillGroup:
    'shown by `DescribeNumbers`; people of a group are still called with the number of the file',
  UnbindNumberCallOutSkillGroup: 'as `BindNumberCallOutSkillGroup`',
  BindNumberCallInInterface:
    "for numbers that are the application's alone; what is posted to the address and what it answers is not public, here it is as call-in.md says; without an address the binding ends; `NumberType` `inner` is refused",
  DescribeSkillGroupInfoList: '`skillGroups` of parley.yaml, and those made by the API',
  CreateCCCSkillGroup:
    'without targets, which `/v1/skill-groups` sets; `SkillGroupType` 0 and `MaxConcurrency` 1 alone',
  UpdateCCCSkillGroup: 'the name; targets are tried in order, `RingAll` is refused; groups of parley.yaml are refused',
  DeleteCCCSkillGroup: 'groups of parley.yaml are refused',
  CreateExtension:
    'a telephone that registers; calls of its skill groups ring it; `ExtensionId` has 4 to 6 digits, the first 1 to 8; see extensions.md',
  ModifyExtension: 'members that are not given stay as they are',
  DeleteExtension: 'the telephone is not registered any more; its calls go on',
  ResetExtensionPassword: 'a password is drawn; the telephone is offline until it has it',
  DescribeExtension: 'not for keys of viewers, since it shows the password; the telephone needs the `OutboundProxy`',
  DescribeExtensions:
    '`Status` and `Register` with `IsNeedStatus`, as the engine that answers sees them; `SkillGroupId` holds all ids, with commas between them',
  CreateAutoCalloutTask: 'with `AIAgentId`; `IvrId` is refused; see campaigns.md',
  DescribeAutoCalloutTask: 'all callees of the task',
  PauseAutoCalloutTask: 'calls in progress go on',
  StopAutoCalloutTask: 'calls in progress go on',
  DescribeCCCBuyInfoList: 'nothing is bought here',
}

const empty: ReadonlySet<string> = new Set(emptyActions.map(({ name }) => name))

/**
 * The page `docs/api-status.md`: every action and every field of `CreateAICall`, and what becomes of it. Made from the
 * declarations the server runs on, so it cannot promise what the code does not do.
 */
export function apiStatusPage(): string {
  return `${[
    '# What this version does with the API',
    'Version `2020-02-10` of the contact-centre API. This page is generated from the code by the tests of `packages/api` (`UPDATE_DOCS=1` rewrites it); do not edit it.',
    'Words used below. _Effective_: it does what the API says. _Empty_: parameters are checked, the answer has its whole form and nothing in it, and nothing is done. _Unsupported_: the answer is `UnsupportedOperation`. An action that is not listed is answered with `InvalidAction`.',
    '## Actions',
    actionTable(),
    '## Fields of `CreateAICall`',
    fieldTable(),
  ].join('\n\n')}\n`
}

function actionTable(): string {
  const rows = [
    ...[...actions.keys()].map((name) => [
      `\`${name}\``,
      empty.has(name) ? 'empty' : 'effective',
      actionNotes[name] ?? '',
    ]),
    ...foreignActions.map((name) => [`\`${name}\``, 'unsupported', 'for contact centres with human seats']),
  ]
  return table(['Action', 'State', 'Note'], rows)
}

function fieldTable(): string {
  const rows = Object.entries(createAiCallEffects).map(([name, note]) => [`\`${name}\``, 'effective', note])
  return table(['Field', 'State', 'Note'], rows)
}

/** Columns are padded as the formatter of the repository wants them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[], fill: string) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |`
  const empty = head.map(() => '')
  return [line(head, ' '), line(empty, '-'), ...rows.map((cells) => line(cells, ' '))].join('\n')
}
