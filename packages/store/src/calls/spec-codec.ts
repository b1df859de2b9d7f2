import { type AssistantSpec, type CallLimits, Secret } from '@parley/core'
import { jsonText } from '../database/json-text.ts'
import type { SecretBox } from './secret-box.ts'
import { fromTagged, toTagged } from './tagged-json.ts'

/** The part of a `CallSpec` that dispatch does not choose. */
export interface SpecContent {
  readonly limits: CallLimits
  readonly assistant: AssistantSpec
}

/** Whom the sealed half belongs to. */
export interface SpecOwner {
  readonly applicationId: number
  readonly callId: string
}

/** What may hold credentials: the key, and free-form members that users fill with tokens. */
interface SecretPart {
  readonly apiKey: Secret
  readonly headers?: Readonly<Record<string, string>>
  readonly extraBody?: Readonly<Record<string, unknown>>
  readonly custom?: Readonly<Record<string, unknown>>
  readonly variables?: Readonly<Record<string, string>>
  readonly customRecognition?: Readonly<Record<string, unknown>>
}

/** As the database holds it. */
export interface SealedSpec {
  /** JSON text: readable, no secrets. */
  readonly open: string
  readonly sealed: Buffer
}

/** Splits a spec into a readable and an encrypted half. The latter only opens for this tenant and call. */
export function sealSpec(box: SecretBox, owner: SpecOwner, { limits, assistant }: SpecContent): SealedSpec {
  const { variables, ...shown } = assistant
  const { apiKey, headers, extraBody, ...model } = assistant.model
  const { custom, ...voice } = assistant.voice
  const { custom: customRecognition, ...recognition } = assistant.recognition
  const secret: SecretPart = {
    apiKey,
    ...(headers === undefined ? {} : { headers }),
    ...(extraBody === undefined ? {} : { extraBody }),
    ...(custom === undefined ? {} : { custom }),
    ...(variables === undefined ? {} : { variables }),
    ...(customRecognition === undefined ? {} : { customRecognition }),
  }
  return {
    open: jsonText(withoutSecrets({ limits, assistant: { ...shown, model, voice, recognition } })),
    sealed: box.seal(JSON.stringify(toTagged(secret)), contextOf(owner)),
  }
}

/**
 * Puts the halves together again. The result equals what was sealed but for members that were undefined and for
 * characters the database cannot hold.
 * @throws VoiceError CONFIG_INVALID when the sealed half does not open
 */
export function openSpec(box: SecretBox, owner: SpecOwner, spec: unknown, sealed: Uint8Array): SpecContent {
  // Both halves were written by `sealSpec`; the sealed one is authenticated.
  const open = spec as { limits: CallLimits; assistant: AssistantSpec }
  const secret = fromTagged(JSON.parse(box.open(sealed, contextOf(owner)))) as SecretPart
  const { custom, variables, customRecognition, ...model } = secret
  return {
    limits: open.limits,
    assistant: {
      ...open.assistant,
      model: { ...open.assistant.model, ...model },
      voice: { ...open.assistant.voice, ...(custom === undefined ? {} : { custom }) },
      recognition: {
        ...open.assistant.recognition,
        ...(customRecognition === undefined ? {} : { custom: customRecognition }),
      },
      ...(variables === undefined ? {} : { variables }),
    },
  }
}

function contextOf({ applicationId, callId }: SpecOwner): string {
  return `${applicationId}:${callId.toLowerCase()}`
}

/** A secret at a place this file does not know must fail loudly: as `[secret]` it would be lost without a sign. */
function withoutSecrets<T>(value: T): T {
  if (value instanceof Secret) throw new Error('a secret lies outside the sealed part of the call spec')
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(withoutSecrets)
  return value
}
