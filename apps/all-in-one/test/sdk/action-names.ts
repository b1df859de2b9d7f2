/** Actions that somebody who moves to Parley cannot do without. */
export const essentialActions = [
  ...['CreateAICall', 'ControlAIConversation', 'HangUpCall', 'DescribeTelCdr', 'DescribeAICallExtractResult'],
  ...['DescribeTelRecordAsr', 'DescribeSessionDetail', 'DescribeTelSession', 'DescribeAILatency', 'DescribeNumbers'],
] as const

/** Actions that are nice to have. */
export const furtherActions = [
  ...['CreateAIAgentCall', 'DescribeAIAgentInfoList', 'DescribeAICallInteractionRecords', 'DescribeAIAnalysisResult'],
  ...['DescribePSTNActiveSessionList', 'DescribeTelCallInfo', 'TransferToManual'],
  ...['CreateAutoCalloutTask', 'StopAutoCalloutTask', 'PauseAutoCalloutTask', 'ResumeAutoCalloutTask'],
  ...['DescribeAutoCalloutTask', 'DescribeAutoCalloutTasks'],
  ...['PlaySoundCall', 'UploadIvrAudio', 'DescribeIvrAudioList'],
  ...['CreateExtension', 'DescribeExtension', 'DescribeExtensions', 'ModifyExtension', 'DeleteExtension'],
  ...['ResetExtensionPassword', 'BindNumberCallInInterface'],
  ...['CreateCCCSkillGroup', 'DescribeSkillGroupInfoList', 'UpdateCCCSkillGroup', 'DeleteCCCSkillGroup'],
] as const
