import { createHash } from 'node:crypto'
import type { NewCall } from '@parley/core'
import { invalidParameter } from '../answer/parameter-errors.ts'

/** The Go SDK sends `x` with every request it may repeat by itself; such a key tells nothing apart. */
const minLength = 8

/**
 * The key of `X-Idempotency-Key` and a digest of what is asked for, as the schema has it: the same however it was encoded.
 * Undefined: the request has no key, or one of fewer than eight characters.
 *
 * @throws ApiError InvalidParameter
 */
export function idempotencyOf(header: string | undefined, parameters: object): NewCall['idempotency'] {
  const key = header?.trim() ?? ''
  if (key.length < minLength) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidParameter('X-Idempotency-Key', {
      en: 'must have 8 to 255 printable ASCII characters without spaces',
      zh: '必须为 8 到 255 个可打印的 ASCII 字符，不得包含空格',
    })
  }
  return { key, digest: createHash('sha256').update(JSON.stringify(parameters)).digest('hex') }
}
