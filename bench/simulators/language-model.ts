import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { monotonicNs } from '../monotonic.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { jittered, type Profile } from './profile.ts'
import { identifyingHeaders, type RequestLog } from './request-log.ts'
import { findSpeakerTag, type Reaction, type SimulatedUtterance } from './script.ts'

export interface ModelSimulator {
  readonly log: RequestLog
  readonly profile: () => Profile
  readonly script: (connection: number) => readonly SimulatedUtterance[]
  readonly random: SeededRandom
  /** Words of a reply, the first included. */
  readonly replyWords: number
}

/**
 * An OpenAI-compatible chat completions endpoint. The reply is made from the last user message: `R<turn>` and then
 * words `w<response>n<index>`, so that whoever hears a word knows which request it came from.
 */
export function createLanguageModel(simulator: ModelSimulator): Server {
  let responses = 0
  return createServer(async (request, response) => {
    const receivedNs = monotonicNs()
    const body = await readBody(request)
    if (request.method !== 'POST' || !request.url?.includes('/chat/completions')) {
      response.writeHead(204).end()
      return
    }
    const userText = textOf(body, 'user')
    const tag = findSpeakerTag(userText)
    const reaction = tag && simulator.script(tag.connection)[tag.turn - 1]?.reaction
    if (reaction?.kind === 'error') {
      sendJson(response, reaction.status, { error: { message: 'simulated failure', type: 'simulated' } })
      return
    }
    responses += 1
    const words = replyWords(tag?.turn ?? 0, responses, simulator.replyWords)
    const record = simulator.log.add({
      kind: 'llm',
      response: responses,
      receivedNs,
      userText,
      systemText: textOf(body, 'system'),
      assistantText: textOf(body, 'assistant'),
      headers: identifyingHeaders(request.headers),
      tokensNs: [],
      words,
    })
    response.on('close', () => {
      if (!response.writableFinished) Object.assign(record, { cancelledNs: monotonicNs() })
    })
    const deltas = reaction ? [toolDelta(reaction)] : textDeltas(words)
    await stream(response, deltas, simulator, record.tokensNs)
    Object.assign(record, { endedNs: monotonicNs() })
  })
}

async function stream(
  response: ServerResponse,
  deltas: readonly object[],
  { profile, random }: ModelSimulator,
  tokensNs: number[],
): Promise<void> {
  const { firstTokenMs, tokensPerSecond } = profile()
  response.socket?.setNoDelay(true)
  let dueNs = monotonicNs() + jittered(firstTokenMs, profile(), random) * 1e6
  for (const [index, delta] of deltas.entries()) {
    await until(dueNs)
    if (response.destroyed) return
    if (index === 0) response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    tokensNs.push(monotonicNs())
    response.write(event({ choices: [{ index: 0, delta, finish_reason: null }] }))
    dueNs += jittered(1_000 / tokensPerSecond, profile(), random) * 1e6
  }
  const last = deltas.at(-1)
  const finish = last && 'tool_calls' in last ? 'tool_calls' : 'stop'
  response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }))
  response.end('data: [DONE]\n\n')
}

/** Timers are whole milliseconds; being early by less is nearer to the plan than being late by one. */
export function until(dueNs: number): Promise<void> {
  const remainingMs = (dueNs - monotonicNs()) / 1e6
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.round(remainingMs - 0.6))))
}

const event = (body: object) =>
  `data: ${JSON.stringify({ id: 'sim', object: 'chat.completion.chunk', model: 'sim', ...body })}\n\n`

function replyWords(turn: number, response: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index === 0 ? `R${turn}` : `w${response}n${index}`))
}

function textDeltas(words: readonly string[]): object[] {
  return words.map((word, index) => {
    const content = `${index === 0 ? '' : ' '}${word}${index === words.length - 1 ? '.' : ''}`
    return index === 0 ? { role: 'assistant', content } : { content }
  })
}

function toolDelta(reaction: Extract<Reaction, { kind: 'toolCall' }>): object {
  const call = { name: reaction.name, arguments: reaction.arguments }
  return { role: 'assistant', tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }] }
}

/** The last message of a role; '': there is none. */
function textOf(body: string, role: 'system' | 'user' | 'assistant'): string {
  const { messages } = JSON.parse(body) as { messages?: { role: string; content: unknown }[] }
  const content = messages?.findLast((message) => message.role === role)?.content
  return typeof content === 'string' ? content : ''
}

export async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request) text += String(piece)
  return text
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
