import type { LocalizedText } from './localized-text.ts'

/** Codes this server answers with. Clients switch on them; texts are for people. */
export type ApiErrorCode =
  | 'AuthFailure.InvalidAuthorization'
  | 'AuthFailure.SecretIdNotFound'
  | 'AuthFailure.SignatureExpire'
  | 'AuthFailure.SignatureFailure'
  | 'AuthFailure.TokenFailure'
  | 'AuthFailure.UnauthorizedOperation'
  | 'FailedOperation.AcquireQuota'
  | 'FailedOperation.CalleeIsBlackUser'
  | 'FailedOperation.CalloutRuleMaxCallCountCalleeIntervalTime'
  | 'FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID'
  | 'FailedOperation.CalloutRuleNotWorkTime'
  | 'FailedOperation.ControlAIConversation'
  | 'FailedOperation.CurStateNotAllowModify'
  | 'FailedOperation.NoCallOutNumber'
  | 'FailedOperation.PermissionDenied'
  | 'FailedOperation.SessionNotExists'
  | 'FailedOperation.SessionNotInControlState'
  | 'InternalError'
  | 'InternalError.DBError'
  | 'InvalidAction'
  | 'InvalidParameter'
  | 'InvalidParameter.InstanceNotExist'
  | 'InvalidParameter.InvalidPhoneNumber'
  | 'InvalidParameter.SipTrunkNotFound'
  | 'InvalidParameterValue'
  | 'InvalidParameterValue.ApplyIDNotExist'
  | 'InvalidParameterValue.FileNotExist'
  | 'InvalidParameterValue.InstanceNotExist'
  | 'InvalidParameterValue.PhoneNumInvalid'
  | 'InvalidParameterValue.SkillGroupError'
  | 'InvalidParameterValue.SkillGroupExist'
  | 'MissingParameter'
  | 'NoSuchVersion'
  | 'RequestSizeLimitExceeded'
  | 'ResourceNotFound'
  | 'ServiceUnavailable'
  | 'UnsupportedOperation'
  | 'UnsupportedProtocol'

const defaultTexts: Readonly<Record<ApiErrorCode, LocalizedText>> = {
  'AuthFailure.InvalidAuthorization': {
    en: 'The request carries no signature that can be understood.',
    zh: '请求头部的 Authorization 不符合签名规范。',
  },
  'AuthFailure.SecretIdNotFound': { en: 'The SecretId is not known.', zh: 'SecretId 不存在，请检查密钥。' },
  'AuthFailure.SignatureExpire': {
    en: 'The signature expired: the timestamp must be within five minutes of the server time.',
    zh: '签名过期：时间戳与服务器时间相差不得超过五分钟。',
  },
  'AuthFailure.SignatureFailure': {
    en: 'The signature does not match the request.',
    zh: '签名错误，请检查签名计算过程。',
  },
  'AuthFailure.TokenFailure': { en: 'The token is wrong or missing.', zh: 'Token 错误。' },
  'AuthFailure.UnauthorizedOperation': {
    en: 'The role of the key does not allow this operation.',
    zh: '密钥的角色无权执行该操作。',
  },
  'FailedOperation.AcquireQuota': {
    en: 'No concurrency became free within the waiting time.',
    zh: '并发已达上限，等待时间内没有空闲并发。',
  },
  'FailedOperation.CalleeIsBlackUser': {
    en: 'The callee is on a do-not-call list.',
    zh: '被叫号码在禁呼名单中。',
  },
  'FailedOperation.CalloutRuleMaxCallCountCalleeIntervalTime': {
    en: 'The callee was called a moment ago; the interval between two calls is not over.',
    zh: '对同一被叫的呼叫间隔时间不足。',
  },
  'FailedOperation.CalloutRuleMaxCallCountCalleePerDayAppID': {
    en: 'The callee was called as often as is allowed in a day.',
    zh: '对同一被叫的当日呼叫次数已达上限。',
  },
  'FailedOperation.CalloutRuleNotWorkTime': {
    en: 'No calls may be made at this hour.',
    zh: '当前不在允许外呼的时间段内。',
  },
  'FailedOperation.ControlAIConversation': { en: 'The control command failed.', zh: '控制指令执行失败。' },
  'FailedOperation.CurStateNotAllowModify': {
    en: 'The number cannot be changed in its present state.',
    zh: '号码当前状态不允许修改。',
  },
  'FailedOperation.PermissionDenied': { en: 'The operation is not permitted.', zh: '无权限执行该操作。' },
  'FailedOperation.NoCallOutNumber': { en: 'No caller number can be used for this call.', zh: '没有可用的外呼号码。' },
  'FailedOperation.SessionNotExists': { en: 'The session does not exist.', zh: '会话不存在。' },
  'FailedOperation.SessionNotInControlState': {
    en: 'The session cannot be controlled: it was not answered yet or is over.',
    zh: '会话不处于可控制状态：尚未接听或已结束。',
  },
  InternalError: { en: 'An internal error occurred.', zh: '内部错误。' },
  'InternalError.DBError': { en: 'The database could not serve the request.', zh: '数据库异常。' },
  InvalidAction: { en: 'There is no such action.', zh: '接口不存在。' },
  InvalidParameter: { en: 'A parameter has the wrong type or form.', zh: '参数错误（类型或格式不正确）。' },
  'InvalidParameter.InstanceNotExist': {
    en: 'The SdkAppId does not exist or does not belong to this key.',
    zh: '应用实例不存在。',
  },
  InvalidParameterValue: { en: 'A parameter has a value that is not allowed.', zh: '参数取值错误。' },
  'InvalidParameter.InvalidPhoneNumber': {
    en: 'A number of `PhoneNumbers` is no number of this application.',
    zh: '`PhoneNumbers` 中的号码不属于本应用。',
  },
  'InvalidParameter.SipTrunkNotFound': { en: 'The SipTrunkId does not exist.', zh: 'SIP 中继不存在。' },
  'InvalidParameterValue.ApplyIDNotExist': { en: 'The ApplyId does not exist.', zh: '申请单不存在。' },
  'InvalidParameterValue.PhoneNumInvalid': { en: 'The phone number is not valid.', zh: '号码无效。' },
  'InvalidParameterValue.InstanceNotExist': {
    en: 'The SdkAppId does not exist or does not belong to this key.',
    zh: '应用实例不存在。',
  },
  'InvalidParameterValue.FileNotExist': { en: 'The file does not exist.', zh: '文件不存在。' },
  'InvalidParameterValue.SkillGroupExist': {
    en: 'The application has a skill group of this name.',
    zh: '技能组名称已存在。',
  },
  'InvalidParameterValue.SkillGroupError': { en: 'The skill group does not exist.', zh: '技能组不存在。' },
  MissingParameter: { en: 'A required parameter is missing.', zh: '缺少参数。' },
  NoSuchVersion: { en: 'The API version is not known; use 2020-02-10.', zh: '接口版本不存在，请使用 2020-02-10。' },
  RequestSizeLimitExceeded: { en: 'The request is too large.', zh: '请求包超过限制大小。' },
  ResourceNotFound: { en: 'The resource does not exist.', zh: '资源不存在。' },
  ServiceUnavailable: { en: 'The service is going down; try again soon.', zh: '当前服务暂时不可用。' },
  UnsupportedOperation: { en: 'The operation is not supported.', zh: '操作不支持。' },
  UnsupportedProtocol: {
    en: 'The protocol is not supported; use GET, or POST with application/json or a form.',
    zh: 'HTTP(S) 请求协议错误，只支持 GET 和 POST 请求。',
  },
}

/** A refusal the caller of the API is told about. Anything else that is thrown becomes `InternalError`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly text: LocalizedText

  /** `text` replaces the usual sentence of the code. It goes to the client: no secrets, nobody else's data. */
  constructor(code: ApiErrorCode, text: LocalizedText = defaultTexts[code]) {
    super(code)
    this.code = code
    this.text = text
  }
}
