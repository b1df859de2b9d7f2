import { Secret, type TrunkSettings } from '@parley/core'
import type { SecretBox } from '../calls/secret-box.ts'
import { fromTagged, toTagged } from '../calls/tagged-json.ts'
import { jsonText } from '../database/json-text.ts'

/** As the database holds the settings of a trunk. */
export interface SealedSettings {
  /** JSON text for showing: secrets are left out. */
  readonly open: string
  /** All of it; opens for this trunk of this application alone. */
  readonly sealed: Buffer
}

export function sealSettings(box: SecretBox, owner: number, name: string, settings: TrunkSettings): SealedSettings {
  return {
    open: jsonText(withoutSecrets(settings)),
    sealed: box.seal(JSON.stringify(toTagged(settings)), contextOf(owner, name)),
  }
}

/** @throws VoiceError CONFIG_INVALID when they do not open */
export function openSettings(box: SecretBox, owner: number, name: string, sealed: Uint8Array): TrunkSettings {
  // Written by `sealSettings` and authenticated.
  return fromTagged(JSON.parse(box.open(sealed, contextOf(owner, name)))) as TrunkSettings
}

/** Members that are secrets are left out, at every depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  const shown = Object.entries(value).filter(([, member]) => !(member instanceof Secret))
  return Object.fromEntries(shown.map(([name, member]) => [name, withoutSecrets(member)]))
}

const contextOf = (owner: number, name: string): string => `trunk:${owner}:${name}`
