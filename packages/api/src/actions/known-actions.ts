import { ApiError } from '../answer/api-error.ts'
import { actions } from './action-index.ts'

/** Actions of a contact centre with human seats, which this engine is not. */
export const foreignActions = [
  ...['AbortAgentCruiseDialingCampaign', 'AbortPredictiveDialingCampaign', 'BindStaffSkillGroupList'],
  ...['CreateAdminURL', 'CreateAgentCruiseDialingCampaign', 'CreateCallOutSession'],
  ...['CreateCarrierPrivilegeNumberApplicant', 'CreateCompanyApply', 'CreateIVRSession'],
  ...['CreatePredictiveDialingCampaign', 'CreateSDKLoginToken', 'CreateStaff', 'CreateUserSig'],
  ...['DeletePredictiveDialingCampaign', 'DeleteStaff', 'DescribeActiveCarrierPrivilegeNumber'],
  ...['DescribeAgentCruiseDialingCampaign', 'DescribeCallInMetrics', 'DescribeCarrierPrivilegeNumberApplicants'],
  ...['DescribeChatMessages', 'DescribeCompanyList', 'DescribeFlashSMSList', 'DescribeIMCdrList', 'DescribeIMCdrs'],
  ...['DescribePredictiveDialingCampaign', 'DescribePredictiveDialingCampaigns'],
  ...['DescribePredictiveDialingSessions', 'DescribeStaffInfoList', 'DescribeStaffStatusHistory'],
  ...['DescribeStaffStatusMetrics', 'ForceMemberOffline', 'ModifyCompanyApply', 'ModifyStaff', 'ModifyStaffPassword'],
  ...['PausePredictiveDialingCampaign', 'RestoreMemberOnline', 'ResumePredictiveDialingCampaign', 'SetStaffStatus'],
  ...['UnbindStaffSkillGroupList', 'UpdatePredictiveDialingCampaign'],
] as const

const foreign: ReadonlySet<string> = new Set(foreignActions)
const known: ReadonlySet<string> = new Set([...actions.keys(), ...foreignActions])

/** @throws ApiError InvalidAction */
export function assertKnown(action: string): void {
  if (!known.has(action)) throw new ApiError('InvalidAction')
}

/** @throws ApiError UnsupportedOperation */
export function assertAvailable(action: string): void {
  if (foreign.has(action)) {
    throw new ApiError('UnsupportedOperation', {
      en: `The action ${action} belongs to a contact centre with human seats and is not supported here.`,
      zh: `不支持接口 ${action}（人工座席呼叫中心功能）。`,
    })
  }
}
