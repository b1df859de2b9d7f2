import type { SipRequest } from '../message/sip-message.ts'

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
