import { once } from 'node:events'
import { type ChatMessage, type ReplyDelta, Secret, silentLogger } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { createProviders } from '../src/index.ts'
import { realClock } from './real-clock.ts'
import { type Answer, httpServer, stream } from './scripted-http-server.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]()
})

async function setUp(answer: Answer) {
  const server = await httpServer(answer)
  const providers = createProviders({
    clock: realClock,
    random: new SeededRandom(1),
    logger: silentLogger,
    cacheDir: 'unused',
  })
  open.push(providers, server)
  const extraBody = { inputs: { shop: 'north' }, user: 'u1' }
  const baseUrl = `${server.origin}/v1`
  return { server, model: providers.chatModel({ protocol: 'dify', baseUrl, apiKey: new Secret('app-key'), extraBody }) }
}

const event = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`
const said = (...userTexts: string[]): ChatMessage[] => userTexts.map((text) => ({ role: 'user', text }))

async function spoken(deltas: AsyncIterable<ReplyDelta>): Promise<string> {
  let all = ''
  for await (const delta of deltas) all += delta.type === 'text' ? delta.text : ''
  return all
}

const ask = (model: Awaited<ReturnType<typeof setUp>>['model'], ...userTexts: string[]) =>
  spoken(model.reply(said(...userTexts), { tools: [], requestId: 'r1' }, new AbortController().signal))

test('only the last words are sent, and the conversation of the first answer is continued', async () => {
  const body =
    ': ping\n\nevent: ping\n\n' +
    event({ event: 'message', answer: 'Grüße ', conversation_id: 'c1' }) +
    event({ event: 'agent_message', answer: 'back.' }) +
    event({ event: 'message_end', conversation_id: 'c1' })
  const { server, model } = await setUp(stream(body))
  expect(await ask(model, 'hello')).toBe('Grüße back.')
  expect(await ask(model, 'hello', 'and now?')).toBe('Grüße back.')
  expect(server.requests.map((request) => request.url)).toEqual(['/v1/chat-messages', '/v1/chat-messages'])
  expect(server.requests[0]?.headers).toMatchObject({ authorization: 'Bearer app-key', 'x-request-id': 'r1' })
  const common = { inputs: { shop: 'north' }, user: 'u1', response_mode: 'streaming' }
  expect(server.requests[0]?.body).toEqual({ ...common, query: 'hello' })
  expect(server.requests[1]?.body).toEqual({ ...common, query: 'and now?', conversation_id: 'c1' })
})

test.each([
  ['an error event', event({ event: 'error', message: 'private' }), 'LLM_UNAVAILABLE'],
  ['a cut stream', event({ event: 'message', answer: 'Half' }), 'LLM_BAD_RESPONSE'],
  ['HTML', '<html></html>', 'LLM_BAD_RESPONSE'],
  ['no JSON', 'data: {{\n\n', 'LLM_BAD_RESPONSE'],
])('%s is a failure', async (_name, body, code) => {
  const { model } = await setUp(stream(body))
  await expect(ask(model, 'hello')).rejects.toMatchObject({ code })
})

test('refused credentials are LLM_AUTH', async () => {
  const { model } = await setUp((response) => void response.writeHead(401).end('{}'))
  await expect(ask(model, 'hello')).rejects.toMatchObject({ code: 'LLM_AUTH' })
})

test('an abort ends the reply with its reason and the request at the server', async () => {
  let closed: Promise<unknown> | undefined
  const { server, model } = await setUp((response) => {
    closed = once(response, 'close')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event({ event: 'message', answer: 'I was' }))
  })
  const abort = new AbortController()
  const iterator = model.reply(said('hi'), { tools: [], requestId: 'r' }, abort.signal)[Symbol.asyncIterator]()
  await iterator.next()
  const rest = iterator.next()
  const reason = new Error('barge-in')
  abort.abort(reason)
  await expect(rest).rejects.toBe(reason)
  await closed
  // The next reply finds a connection that is open.
  await vi.waitFor(() => expect(server.others).toEqual(['OPTIONS']))
})
