/** What a signature is computed over: the request as it came, nothing re-serialised. */
export interface SignedRequest {
  readonly method: string
  /** Path without the query, as on the request line. */
  readonly path: string
  /** Query without `?`, as on the request line; empty when there is none. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Uint8Array
}

/** Which host names a client may have signed besides the `Host` header. */
export interface HostPolicy {
  readonly publicHosts: readonly string[]
  /** Believe `X-Forwarded-Host`. */
  readonly trustProxy: boolean
}

/**
 * Host names the client may have put into its signature. SDKs differ: some sign the endpoint with its port, the Node SDK
 * without it, and a proxy may have replaced the header.
 */
export function hostCandidates(headers: SignedRequest['headers'], policy: HostPolicy): readonly string[] {
  const hosts = new Set<string>()
  const add = (host: string | undefined) => {
    if (!host) return
    const trimmed = host.trim()
    hosts.add(trimmed)
    hosts.add(withoutPort(trimmed))
  }
  add(headers.host)
  if (policy.trustProxy) add(headers['x-forwarded-host']?.split(',')[0])
  for (const host of policy.publicHosts) add(host)
  return [...hosts]
}

/** Endpoint paths a client may have signed: the real one, or `/` as most SDKs do. */
export function pathCandidates(path: string): readonly string[] {
  return path === '/' ? ['/'] : [path, '/']
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}
