import type { Action } from './action.ts'
import { bindNumberCallInInterface } from './bind-number-call-in-interface.ts'
import { createCccSkillGroup, deleteCccSkillGroup, updateCccSkillGroup } from './change-skill-groups.ts'
import { pauseAutoCalloutTask, resumeAutoCalloutTask, stopAutoCalloutTask } from './command-auto-callout-task.ts'
import { controlAiConversation } from './control-ai-conversation.ts'
import { createAiAgentCall } from './create-ai-agent-call.ts'
import { createAiCall } from './create-ai-call.ts'
import { createAutoCalloutTask } from './create-auto-callout-task.ts'
import { describeAiAgentInfoList } from './describe-ai-agent-info-list.ts'
import { describeAiAnalysisResult } from './describe-ai-analysis-result.ts'
import { describeAiCallExtractResult } from './describe-ai-call-extract-result.ts'
import { describeAiCallInteractionRecords } from './describe-ai-call-interaction-records.ts'
import { describeAiLatency } from './describe-ai-latency.ts'
import { describeAutoCalloutTask, describeAutoCalloutTasks } from './describe-auto-callout-task.ts'
import { describeIvrAudioList } from './describe-ivr-audio-list.ts'
import { describeNumbers } from './describe-numbers.ts'
import { describePstnActiveSessionList } from './describe-pstn-active-session-list.ts'
import { describeSessionDetail } from './describe-session-detail.ts'
import { describeSkillGroupInfoList } from './describe-skill-group-info-list.ts'
import { describeTelCallInfo } from './describe-tel-call-info.ts'
import { describeProtectedTelCdr, describeTelCdr } from './describe-tel-cdr.ts'
import { describeTelRecordAsr } from './describe-tel-record-asr.ts'
import { describeTelSession } from './describe-tel-session.ts'
import { emptyActions } from './empty-actions.ts'
import { extensionActions } from './extension-actions.ts'
import { hangUpCall } from './hang-up-call.ts'
import { ownNumberActions } from './own-number-actions.ts'
import { playSoundCall } from './play-sound-call.ts'
import { transferToManual } from './transfer-to-manual.ts'
import { uploadIvrAudio } from './upload-ivr-audio.ts'

/** By wire name. */
export const actions: ReadonlyMap<string, Action> = new Map(
  [
    createAiCall,
    createAiAgentCall,
    describeAiAgentInfoList,
    controlAiConversation,
    hangUpCall,
    transferToManual,
    describeTelCdr,
    describeProtectedTelCdr,
    describeSessionDetail,
    describeTelSession,
    describePstnActiveSessionList,
    describeTelRecordAsr,
    describeAiLatency,
    describeAiCallExtractResult,
    describeAiAnalysisResult,
    describeAiCallInteractionRecords,
    describeTelCallInfo,
    describeNumbers,
    describeSkillGroupInfoList,
    ...ownNumberActions,
    bindNumberCallInInterface,
    createAutoCalloutTask,
    stopAutoCalloutTask,
    pauseAutoCalloutTask,
    resumeAutoCalloutTask,
    describeAutoCalloutTask,
    describeAutoCalloutTasks,
    uploadIvrAudio,
    describeIvrAudioList,
    playSoundCall,
    createCccSkillGroup,
    updateCccSkillGroup,
    deleteCccSkillGroup,
    ...extensionActions,
    ...emptyActions,
  ].map((action) => [action.name, action]),
)
