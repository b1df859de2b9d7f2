/**
 * Every failure the engine can name. Codes are stable, searchable and never reused. `retryable` says whether the same
 * request may succeed when sent again at once; adapters may override it per instance.
 */
export const errorTable = {
  ASR_UNAVAILABLE: { retryable: true, text: 'speech recognition could not be reached' },
  ASR_FAILED: { retryable: false, text: 'speech recognition failed' },
  ASR_TIMEOUT: { retryable: true, text: 'speech recognition did not answer in time' },
  EOT_FAILED: { retryable: false, text: 'the end-of-turn model failed' },
  EOT_TIMEOUT: { retryable: false, text: 'the end-of-turn model did not answer in time' },
  LLM_UNAVAILABLE: { retryable: true, text: 'the language model could not be reached' },
  LLM_AUTH: { retryable: false, text: 'the language model refused the credentials' },
  LLM_RATE_LIMITED: { retryable: true, text: 'the language model is rate limiting' },
  LLM_TIMEOUT: { retryable: true, text: 'the language model did not answer in time' },
  LLM_BAD_RESPONSE: { retryable: false, text: 'the language model sent something that is not the protocol' },
  LLM_REJECTED: { retryable: false, text: 'the language model rejected the request' },
  TTS_UNAVAILABLE: { retryable: true, text: 'speech synthesis could not be reached' },
  TTS_FAILED: { retryable: false, text: 'speech synthesis failed' },
  TTS_TIMEOUT: { retryable: true, text: 'speech synthesis did not answer in time' },
  MEDIA_NO_COMMON_CODEC: { retryable: false, text: 'the peer offers no codec we speak' },
  MEDIA_BAD_SDP: { retryable: false, text: 'the session description cannot be understood' },
  MEDIA_SRTP_REQUIRED: { retryable: false, text: 'one side insists on encrypted audio and the other refuses it' },
  MEDIA_NO_PORT: { retryable: true, text: 'no free RTP port' },
  MEDIA_RTP_TIMEOUT: { retryable: false, text: 'the peer stopped sending audio' },
  MEDIA_ENCODING_FAILED: { retryable: false, text: 'the recording could not be encoded' },
  MEDIA_SOUND_UNREADABLE: { retryable: false, text: 'the audio file cannot be played' },
  MEDIA_WORKER_LOST: { retryable: false, text: 'the media worker ended' },
  SIP_UNREACHABLE: { retryable: false, text: 'the gateway could not be reached' },
  SIP_AUTH: { retryable: false, text: 'the gateway refused the credentials' },
  SIP_PROTOCOL: { retryable: false, text: 'the gateway broke the protocol' },
  CALL_NOT_FOUND: { retryable: false, text: 'no such call here' },
  CALL_NOT_CONTROLLABLE: { retryable: false, text: 'the call is not in a state that can be controlled' },
  SKILL_GROUP_NOT_FOUND: { retryable: false, text: 'no such skill group' },
  CALLEE_FORBIDDEN: { retryable: false, text: 'the number is on a do-not-call list' },
  CALL_TOO_FREQUENT: { retryable: false, text: 'the number was called too often, or too lately' },
  CALL_OUT_OF_HOURS: { retryable: false, text: 'no calls may be made at this hour' },
  RESOURCE_EXHAUSTED: { retryable: true, text: 'no capacity for another call' },
  SLOT_MISSED: { retryable: true, text: 'too late for the slot that the trunk gave the call' },
  SHUTDOWN: { retryable: true, text: 'the engine is shutting down' },
  ENGINE_LOST: { retryable: false, text: 'the engine process that held the call ended' },
  STORE_FAILED: { retryable: true, text: 'the database could not serve the request' },
  CONFIG_INVALID: { retryable: false, text: 'the configuration is not valid' },
  INTERNAL: { retryable: false, text: 'internal error' },
} as const satisfies Record<string, { retryable: boolean; text: string }>

export type ErrorCode = keyof typeof errorTable

export interface VoiceErrorOptions {
  /** Non-personal, non-secret facts for logs; part of the message. */
  readonly detail?: string
  readonly retryable?: boolean
  readonly cause?: unknown
}

/** The one error class. Switch on `code`; `message` is for people. */
export class VoiceError extends Error {
  override readonly name = 'VoiceError'
  readonly code: ErrorCode
  readonly retryable: boolean

  constructor(code: ErrorCode, options: VoiceErrorOptions = {}) {
    const row = errorTable[code]
    super(options.detail ? `${row.text}: ${options.detail}` : row.text, { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? row.retryable
  }
}

/** The error as a `VoiceError`: itself when it is one, else wrapped under `fallback`. */
export function toVoiceError(error: unknown, fallback: ErrorCode): VoiceError {
  if (error instanceof VoiceError) return error
  return new VoiceError(fallback, { cause: error, detail: error instanceof Error ? error.message : String(error) })
}
