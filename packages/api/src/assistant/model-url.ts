import { isInternalHost } from '@parley/core'
import { invalidValue } from '../answer/parameter-errors.ts'

/**
 * Checks an address the engine will be sent to by a caller of the API.
 *
 * Names are judged by their text: what they lead to is looked at when the engine connects.
 *
 * @throws ApiError InvalidParameterValue
 */
export function assertModelUrl(path: string, text: string, allowPrivate: boolean): void {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalidValue(path, { en: 'must be an http or https address', zh: '必须为 http 或 https 地址' })
  }
  if (url.username || url.password) {
    throw invalidValue(path, { en: 'must not hold a user name or password', zh: '不得包含用户名或密码' })
  }
  if (!allowPrivate && isInternalHost(url.hostname)) {
    throw invalidValue(path, { en: 'must not name a private address', zh: '不得为内网地址' })
  }
}

/**
 * The same of the address of a WebSocket.
 *
 * @throws ApiError InvalidParameterValue
 */
export function assertSocketUrl(path: string, value: unknown, allowPrivate: boolean): void {
  if (typeof value !== 'string' || !/^wss?:/i.test(value)) {
    throw invalidValue(path, { en: 'must be a ws or wss address', zh: '必须为 ws 或 wss 地址' })
  }
  assertModelUrl(path, value.replace(/^ws/i, 'http'), allowPrivate)
}
