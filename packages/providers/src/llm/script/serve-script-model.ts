import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, type Logger, type ReplyDelta, silentLogger } from '@parley/core'
import { type CompletionRequest, chatMessages, completionRequestSchema } from './completion-request.ts'
import { endToolAmong, pacedReply, type ReplyPace } from './paced-reply.ts'
import { parseScript, type Script } from './parse-script.ts'
import { runScript } from './run-script.ts'

export interface ScriptServerOptions extends ReplyPace {
  /** The script, or the path of its file. */
  readonly script: Script | { readonly path: string }
  readonly clock: Clock
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** When given, requests must carry it as a bearer token. */
  readonly apiKey?: string
  readonly logger?: Logger
}

export interface ScriptServer extends AsyncDisposable {
  /** What a client takes as base address: `http://host:port/v1`. */
  readonly baseUrl: string
  readonly port: number
}

const maxBodyBytes = 2_000_000

/**
 * Serves a scripted assistant as an OpenAI-compatible endpoint (`POST /v1/chat/completions`, streaming and not,
 * `GET /v1/models`). Holds no state between requests.
 */
export async function serveScriptModel(options: ScriptServerOptions): Promise<ScriptServer> {
  const script = 'path' in options.script ? parseScript(await readFile(options.script.path, 'utf8')) : options.script
  const logger = options.logger ?? silentLogger
  const server = createServer((request, response) => {
    serve(script, options, request, response).catch((error: unknown) => {
      logger.debug('scripted reply ended early', { reason: error instanceof Error ? error.name : 'unknown' })
      response.destroy()
    })
  })
  server.keepAliveTimeout = 120_000
  const host = options.host ?? '127.0.0.1'
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${port}/v1`,
    port,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(
  script: Script,
  options: ScriptServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
    return refuse(response, 401, 'invalid_api_key', 'the key is not valid')
  }
  if (request.method === 'GET' && path.endsWith('/models')) {
    return sendJson(response, 200, { object: 'list', data: [{ id: script.name, object: 'model', owned_by: 'parley' }] })
  }
  if (request.method !== 'POST' || !path.endsWith('/chat/completions')) {
    return refuse(response, 404, 'not_found', 'there is nothing here')
  }
  const parsed = completionRequestSchema.safeParse(await readJson(request))
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    return refuse(response, 400, 'invalid_request_error', problems.join('; '))
  }
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const deltas = repliesTo(script, options, parsed.data, gone.signal)
  await (parsed.data.stream
    ? sendStream(response, parsed.data, options, deltas)
    : sendWhole(response, parsed.data, options, deltas))
}

function repliesTo(
  script: Script,
  options: ScriptServerOptions,
  request: CompletionRequest,
  signal: AbortSignal,
): AsyncIterable<ReplyDelta> {
  const names = request.tools.map((tool) => tool.function.name)
  return pacedReply(
    runScript(script, chatMessages(request)),
    (tool) => (tool.kind === 'end' ? endToolAmong(names) : names.find((name) => name === tool.name)),
    options,
    options.clock,
    signal,
  )
}

async function sendStream(
  response: ServerResponse,
  request: CompletionRequest,
  { clock }: ScriptServerOptions,
  deltas: AsyncIterable<ReplyDelta>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  response.flushHeaders()
  const created = Math.floor(clock.wallMs() / 1000)
  const head = { id: 'chatcmpl-script', object: 'chat.completion.chunk', created, model: request.model }
  const send = (delta: object, finish: string | null) => {
    const chunk = { ...head, choices: [{ index: 0, delta, finish_reason: finish }] }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  let finish = 'stop'
  send({ role: 'assistant', content: '' }, null)
  for await (const delta of deltas) {
    if (delta.type === 'text') send({ content: delta.text }, null)
    else {
      finish = 'tool_calls'
      const call = { name: delta.name, arguments: delta.arguments }
      send({ tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }] }, null)
    }
  }
  send({}, finish)
  response.end('data: [DONE]\n\n')
}

async function sendWhole(
  response: ServerResponse,
  request: CompletionRequest,
  { clock }: ScriptServerOptions,
  deltas: AsyncIterable<ReplyDelta>,
): Promise<void> {
  let content = ''
  const calls: object[] = []
  for await (const delta of deltas) {
    if (delta.type === 'text') content += delta.text
    else calls.push({ id: 'call_1', type: 'function', function: { name: delta.name, arguments: delta.arguments } })
  }
  const message = { role: 'assistant', content, ...(calls.length > 0 ? { tool_calls: calls } : {}) }
  sendJson(response, 200, {
    id: 'chatcmpl-script',
    object: 'chat.completion',
    created: Math.floor(clock.wallMs() / 1000),
    model: request.model,
    choices: [{ index: 0, message, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
  })
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { message, type: code, code } })
}

/** Undefined when it is not JSON or too long. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    bytes += (piece as Buffer).length
    if (bytes > maxBodyBytes) return undefined
    pieces.push(piece as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch {
    // Reported as a bad request by the schema.
    return undefined
  }
}
