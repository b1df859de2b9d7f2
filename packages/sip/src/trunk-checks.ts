import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { VoiceError } from '@parley/core'
import type { TrunkConfig } from './trunk-config.ts'

/** Answers about the callee or of it: another gateway would ring the same phone again. Credentials have their own way. */
const neverElsewhere = new Set([401, 404, 407, 410, 422, 484, 486, 487, 491])

/**
 * Checks what a trunk says about reaching its gateways.
 * @throws VoiceError CONFIG_INVALID
 */
export function checkReach(trunk: TrunkConfig): void {
  const { name, gateways, failover, probe, keepaliveS = 30 } = trunk
  if (gateways.length === 0) throw invalid(`trunk ${name} has no gateway`)
  for (const status of failover?.statuses ?? []) {
    if (!Number.isInteger(status) || status < 400 || status > 599 || neverElsewhere.has(status)) {
      throw invalid(`trunk ${name}: failover.statuses: ${status} is the callee's answer, no fault of a gateway`)
    }
  }
  checkRange(name, 'failover.firstResponseMs', failover?.firstResponseMs ?? 4_000, 500, 32_000)
  checkRange(name, 'probe.everyS', probe?.everyS ?? 30, 5, 3_600)
  checkRange(name, 'keepaliveS', keepaliveS, 5, 3_600)
  for (const { port = 5060, priority = 0, weight = 0 } of gateways) {
    checkRange(name, 'gateways.port', port, 1, 65_535)
    checkRange(name, 'gateways.priority', priority, 0, 65_535)
    checkRange(name, 'gateways.weight', weight, 0, 65_535)
  }
  checkTls(trunk)
}

/** A wrong file is found at start, not by the first call. */
function checkTls({ name, tls }: TrunkConfig): void {
  if (!tls) return
  const { caFile, certFile, keyFile } = tls
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw invalid(`trunk ${name}: tls.certFile and tls.keyFile go together`)
  }
  try {
    createSecureContext({
      ...(caFile && { ca: readFileSync(caFile) }),
      ...(certFile && { cert: readFileSync(certFile) }),
      ...(keyFile && { key: readFileSync(keyFile) }),
    })
  } catch (error) {
    throw invalid(`trunk ${name}: tls: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function checkRange(trunk: string, key: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return
  throw invalid(`trunk ${trunk}: ${key} must be ${min} to ${max}`)
}

const invalid = (detail: string) => new VoiceError('CONFIG_INVALID', { detail })
