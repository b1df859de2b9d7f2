import { type AgentDraft, Secret } from '@parley/core'
import type { SecretBox } from '../calls/secret-box.ts'
import { plainText } from '../database/json-text.ts'

/** Whom the sealed half belongs to. */
export interface AgentKey {
  readonly applicationId: number
  readonly agentId: number
}

/** Encrypts the fields with credentials. They only open for this tenant, agent and version. */
export function sealAgentSecrets(
  box: SecretBox,
  key: AgentKey,
  version: number,
  secrets: AgentDraft['secrets'] = {},
): Buffer {
  const texts = Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()] as const)
  return box.seal(JSON.stringify(Object.fromEntries(texts)), contextOf(key, version))
}

/** @throws VoiceError CONFIG_INVALID when they were sealed with another key, or for another version */
export function openAgentSecrets(
  box: SecretBox,
  key: AgentKey,
  version: number,
  sealed: Uint8Array,
): Readonly<Record<string, Secret>> {
  const texts = JSON.parse(box.open(sealed, contextOf(key, version))) as Record<string, string>
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, new Secret(text)]))
}

/** Texts that are equal when two versions say the same, whatever the order of their members. */
export function agentFingerprint({ name, settings, secrets = {} }: AgentDraft): string {
  const revealed = Object.fromEntries(Object.entries(secrets).map(([field, secret]) => [field, secret.reveal()]))
  return JSON.stringify(sorted({ name: plainText(name), settings, revealed }))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value === 'string') return plainText(value)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return members.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)])
}

const contextOf = ({ applicationId, agentId }: AgentKey, version: number): string =>
  `agent:${applicationId}:${agentId}:${version}`
