import { type ErrorCode, VoiceError } from '@parley/core'
import { ApiError, type ApiErrorCode } from './api-error.ts'

/** The engine's failures in the API's words. Codes that are not here are `InternalError`. */
const apiCodes: Partial<Record<ErrorCode, ApiErrorCode>> = {
  CALL_NOT_FOUND: 'FailedOperation.SessionNotExists',
  CALL_NOT_CONTROLLABLE: 'FailedOperation.SessionNotInControlState',
  RESOURCE_EXHAUSTED: 'FailedOperation.AcquireQuota',
  SHUTDOWN: 'ServiceUnavailable',
  SKILL_GROUP_NOT_FOUND: 'InvalidParameterValue.SkillGroupError',
  STORE_FAILED: 'InternalError.DBError',
}

/** The error to answer with. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError((error instanceof VoiceError && apiCodes[error.code]) || 'InternalError')
}
