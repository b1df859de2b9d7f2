import { Failure } from '../failure.ts'
import type { Settings } from '../settings.ts'

/** How long an engine may take to answer. Taste. */
const answerMs = 15_000

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Ends a stream. Without it the answer must have come within 15 s. */
  readonly signal?: AbortSignal
}

/** A running engine, asked with the key of the settings. */
export interface Engine {
  readonly settings: Settings
  /** @throws Failure unless the status is 2xx */
  json<T>(path: string, asked?: Asked): Promise<T>
  /** @throws Failure unless the status is 2xx */
  text(path: string): Promise<string>
  /** The version of a thing, as `If-Match` wants it. @throws Failure unless the status is 2xx */
  etag(path: string): Promise<string>
  /** Whatever the status. @throws Failure unreachable */
  fetch(path: string, asked?: Asked): Promise<Response>
}

export function connectEngine(settings: Settings): Engine {
  const basic = Buffer.from(`${settings.secretId}:${settings.secretKey}`).toString('base64')

  const ask = async (path: string, { method = 'GET', body, headers, signal }: Asked = {}): Promise<Response> =>
    reach(settings.url, () =>
      fetch(`${settings.url}${path}`, {
        method,
        headers: {
          authorization: `Basic ${basic}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal ?? AbortSignal.timeout(answerMs),
      }),
    )
  const good = async (path: string, asked?: Asked): Promise<Response> => {
    const response = await ask(path, asked)
    if (!response.ok) throw refusal(response.status, await response.text(), settings)
    return response
  }
  return {
    settings,
    fetch: ask,
    json: async (path, asked) => JSON.parse((await (await good(path, asked)).text()) || '{}'),
    etag: async (path) => (await good(path)).headers.get('etag') ?? '*',
    text: async (path) => (await good(path)).text(),
  }
}

/** @throws Failure unreachable, when no answer comes */
export async function reach<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause))
    throw new Failure('unreachable', `no engine answers at ${url} (${reason}); is PARLEY_URL right?`)
  }
}

function refusal(status: number, body: string, { url }: Settings): Failure {
  if (status === 401) return new Failure('key', `${url} does not take PARLEY_SECRET_ID and PARLEY_SECRET_KEY`)
  if (status === 403) return new Failure('key', `the key may not do this: ${titleOf(body) ?? 'status 403'}`)
  return new Failure('refused', titleOf(body) ?? `${url} answers ${status}`)
}

function titleOf(body: string): string | undefined {
  try {
    const { title } = JSON.parse(body) as { readonly title?: unknown }
    return typeof title === 'string' ? title : undefined
  } catch {
    return undefined
  }
}
