import { basicCredential } from '../auth/basic.ts'
import type { KeyRing } from '../auth/key-ring.ts'
import type { Authenticate } from './serve-routes.ts'

/** Who may use `/v1`: whoever shows a key pair (HTTP Basic). */
export const createAuthenticate =
  (keys: KeyRing): Authenticate =>
  (authorization) => {
    const credential = basicCredential(authorization, keys)
    if (!credential) return undefined
    const { applications, secretId } = credential
    return { role: 'admin', applications, isInstallation: false, actor: secretId }
  }
