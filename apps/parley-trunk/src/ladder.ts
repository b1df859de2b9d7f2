import type { LadderCommand } from './command-line.ts'

export interface LadderResult {
  readonly exitCode: 0 | 1
  readonly text: string
}

/** How long an engine may take to answer. Taste. */
const answerMs = 10_000

/** Fetches the SIP messages of a call from a running engine, or says why there are none. */
export async function fetchLadder(
  command: LadderCommand,
  key: { readonly secretId: string; readonly secretKey: string },
): Promise<LadderResult> {
  const format = command.json ? '' : '?format=text'
  const url = `${command.url.replace(/\/+$/, '')}/v1/calls/${encodeURIComponent(command.sessionId)}/sip${format}`
  const authorization = `Basic ${Buffer.from(`${key.secretId}:${key.secretKey}`).toString('base64')}`
  try {
    const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(answerMs) })
    const text = await response.text()
    if (response.ok) return { exitCode: 0, text: text.endsWith('\n') ? text : `${text}\n` }
    return { exitCode: 1, text: `${refusalOf(response.status, command)}\n` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause))
    return { exitCode: 1, text: `No engine answers at ${command.url} (${code}). Is it running, and is --url right?\n` }
  }
}

function refusalOf(status: number, { sessionId, url }: LadderCommand): string {
  if (status === 401 || status === 403)
    return 'The engine does not take PARLEY_SECRET_ID and PARLEY_SECRET_KEY: they must be a key of applications in its parley.yaml.'
  if (status === 404)
    return `No messages of call ${sessionId}: it is not of this application, is not known, or PARLEY_SIP_LADDER is off.`
  return `${url} answers ${status}.`
}
