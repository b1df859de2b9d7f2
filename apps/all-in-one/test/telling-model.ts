import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

interface Message {
  readonly role: string
  readonly content: string
}

export interface ModelRequest {
  readonly messages: readonly Message[]
  /** Value of `X-Invoke-LLM`. */
  readonly invoked: string | undefined
  /** The client went away before the whole answer was sent. */
  aborted: boolean
}

/** What the model says to the user's last words. `end` calls the function `call_end`, `call` the one of that name. */
export type Answer =
  | string
  | { readonly say: string; readonly end?: boolean; readonly call?: string; readonly afterMs?: number }

/** Decides what is said, at once or once it has what it waits for. */
type Teller = (userText: string, messages: readonly Message[]) => Answer | Promise<Answer>

interface Telling {
  readonly answer: Teller
  readonly requests: ModelRequest[]
}

export interface TellingModel extends AsyncDisposable {
  /** Address of a talk of its own; `answer` gets what the user said last. */
  open(name: string, answer: Teller): string
  /** Every request of that talk, in order. */
  requests(name: string): readonly ModelRequest[]
}

/** A language model (OpenAI, streaming) that keeps what it was asked. The whole answer is one token. */
export async function startTellingModel(): Promise<TellingModel> {
  const talks = new Map<string, Telling>()
  const server = createServer((request, response) => {
    const talk = talks.get(request.url?.split('/')[1] ?? '')
    if (talk) serve(talk, request, response).catch(() => response.destroy())
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    open(name, answer) {
      talks.set(name, { answer, requests: [] })
      return `http://127.0.0.1:${port}/${name}/v1/`
    },
    requests: (name) => talks.get(name)?.requests ?? [],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function serve(talk: Telling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += chunk
  const { messages } = JSON.parse(body) as { messages: readonly Message[] }
  const header = request.headers['x-invoke-llm']
  const entry: ModelRequest = { messages, invoked: header?.toString(), aborted: false }
  talk.requests.push(entry)
  response.on('close', () => {
    entry.aborted = !response.writableFinished
  })
  const given = await talk.answer(messages.findLast(({ role }) => role === 'user')?.content ?? '', messages)
  const answer = typeof given === 'string' ? { say: given } : given
  if (answer.afterMs) await pause(answer.afterMs)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (delta: unknown, finish: string | null = null) =>
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`)
  send({ role: 'assistant', content: answer.say })
  const name = answer.call ?? (answer.end ? 'call_end' : undefined)
  if (name) send({ tool_calls: [{ index: 0, id: 'call-1', type: 'function', function: { name, arguments: '{}' } }] })
  send({}, name ? 'tool_calls' : 'stop')
  response.end('data: [DONE]\n\n')
}
