import type { Secret } from '@parley/core'
import { basicCredential, tokenCredential } from '../auth/basic.ts'
import { equalInConstantTime } from '../auth/constant-time.ts'
import type { LiveKeyRing } from '../auth/live-key-ring.ts'
import type { Authenticate } from './serve-routes.ts'

/**
 * Who may use `/v1`: whoever shows a key pair (HTTP Basic), the bearer token of one, or the bearer token of the
 * installation.
 */
export const createAuthenticate =
  (keys: LiveKeyRing, adminToken: Secret | undefined): Authenticate =>
  (authorization) => {
    const token = /^bearer +(\S{1,2000})$/i.exec(authorization ?? '')?.[1]
    if (token !== undefined && adminToken && equalInConstantTime(token, adminToken.reveal())) {
      return { role: 'admin', applications: keys.applications, isInstallation: true, actor: 'installation' }
    }
    const credential = token === undefined ? basicCredential(authorization, keys) : tokenCredential(token, keys)
    if (!credential) return undefined
    keys.noteUse(credential)
    const { role, applications, secretId } = credential
    return { role, applications, isInstallation: false, actor: secretId }
  }
