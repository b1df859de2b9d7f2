import { type ApplicationId, type Role, VoiceError } from '@parley/core'
import type { ApiApplication, ApiKey } from '../api-options.ts'

/** A key and what it may touch. */
export interface Credential extends ApiKey {
  readonly role: Role
  readonly applications: ReadonlySet<ApplicationId>
}

export interface KeyRing {
  find(secretId: string): Credential | undefined
}

/** @throws VoiceError CONFIG_INVALID when one SecretId stands for two different keys */
export function createKeyRing(applications: readonly ApiApplication[]): KeyRing {
  const credentials = new Map<string, Credential & { readonly applications: Set<ApplicationId> }>()
  for (const { applicationId, keys } of applications) {
    for (const key of keys) {
      const known = credentials.get(key.secretId)
      if (!known) {
        credentials.set(key.secretId, { role: 'admin', ...key, applications: new Set([applicationId]) })
        continue
      }
      if (known.secretKey.reveal() !== key.secretKey.reveal() || known.token !== key.token) {
        throw new VoiceError('CONFIG_INVALID', { detail: 'one SecretId is given with two different keys' })
      }
      known.applications.add(applicationId)
    }
  }
  return { find: (secretId) => credentials.get(secretId) }
}
