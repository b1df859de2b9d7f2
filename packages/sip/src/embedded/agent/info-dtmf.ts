import type { SipRequest } from '../message/sip-message.ts'

/** Taste: a key is no shorter than gateways take for one, and no longer than a tone anybody wants. */
const minKeyMs = 40
const maxKeyMs = 6_000

/**
 * The key of an INFO request with `application/dtmf-relay` (`Signal=5`) or `application/dtmf` (`5`).
 * @returns undefined for anything else
 */
export function dtmfKeyOf(info: SipRequest): string | undefined {
  const type = (info.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  const text = info.body.toString('latin1', 0, 256)
  const signal =
    type === 'application/dtmf-relay'
      ? /^signal\s*=\s*(\S+)/im.exec(text)?.[1]
      : type === 'application/dtmf'
        ? text
        : ''
  const key = (signal ?? '').trim().toUpperCase()
  if (key === '10') return '*'
  if (key === '11') return '#'
  return /^[0-9A-D*#]$/.test(key) ? key : undefined
}

/** The body of an INFO with `application/dtmf-relay`. @returns undefined when there is no such key */
export function dtmfRelay(key: string, durationMs: number): string | undefined {
  const signal = key.toUpperCase()
  if (!/^[0-9A-D*#]$/.test(signal)) return undefined
  const duration = Math.round(Math.min(Math.max(durationMs, minKeyMs), maxKeyMs))
  return `Signal=${signal}\r\nDuration=${duration}\r\n`
}
