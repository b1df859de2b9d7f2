import type { ApiOptions } from './api-options.ts'
import type { SignedRequest } from './auth/signed-request.ts'

/** Origin under which the client reached us, for addresses in answers: configured, else what the request says. */
export function publicOrigin(
  headers: SignedRequest['headers'],
  options: Pick<ApiOptions, 'publicUrl' | 'trustProxy'>,
): string {
  if (options.publicUrl) return options.publicUrl.replace(/\/+$/, '')
  const forwarded = (name: string) => (options.trustProxy ? headers[name]?.split(',')[0]?.trim() : undefined)
  const scheme = forwarded('x-forwarded-proto') === 'https' ? 'https' : 'http'
  const host = forwarded('x-forwarded-host') || headers.host || 'localhost'
  return `${scheme}://${/^[\w.:[\]-]+$/.test(host) ? host : 'localhost'}`
}
