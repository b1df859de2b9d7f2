import { once } from 'node:events'
import {
  type ChatMessage,
  type ModelSpec,
  type ReplyDelta,
  type ReplyOptions,
  Secret,
  silentLogger,
  VoiceError,
} from '@parley/core'
import { SeededRandom, settle, VirtualClock } from '@parley/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { createProviders } from '../src/index.ts'
import { realClock } from './real-clock.ts'
import { type Answer, done, finish, httpServer, sse, stream, text } from './scripted-http-server.ts'

const key = 'sk-very-secret-key'
const messages: readonly ChatMessage[] = [
  { role: 'system', text: 'You are a clinic.' },
  { role: 'user', text: 'Private words' },
]
const options: ReplyOptions = { tools: [], requestId: 'request-1' }

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const resource of open.splice(0)) await resource[Symbol.asyncDispose]()
})

async function setUp(answer: Answer, spec: Partial<ModelSpec> = {}, clock = realClock) {
  const server = await httpServer(answer)
  const providers = createProviders({
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
    cacheDir: 'unused',
    llmTimeoutMs: 2000,
  })
  open.push(providers, server)
  const base: ModelSpec = {
    protocol: 'openai',
    baseUrl: `${server.origin}/v1/?token=query-secret`,
    apiKey: new Secret(key),
    model: 'm1',
  }
  return { server, model: providers.chatModel({ ...base, ...spec }) }
}

async function collect(deltas: AsyncIterable<ReplyDelta>): Promise<ReplyDelta[]> {
  const all: ReplyDelta[] = []
  for await (const delta of deltas) all.push(delta)
  return all
}

const spoken = (deltas: readonly ReplyDelta[]) =>
  deltas.map((delta) => (delta.type === 'text' ? delta.text : `<${delta.name}>`)).join('')

async function failure(deltas: AsyncIterable<ReplyDelta>): Promise<VoiceError> {
  const error = await collect(deltas).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(VoiceError)
  const voiceError = error as VoiceError
  for (const secret of [key, 'Private words', 'query-secret']) {
    expect(`${voiceError.message} ${JSON.stringify(voiceError)} ${String(voiceError.cause)}`).not.toContain(secret)
  }
  return voiceError
}

const signal = () => new AbortController().signal

test('a reply is one streaming request with the model, messages, headers and extra members', async () => {
  const { server, model } = await setUp(stream(sse(text('Hello '), text('there.'), finish()) + done), {
    temperature: 0.2,
    extraBody: { enable_thinking: false, stream: false },
    headers: { 'X-Task-Id': 'call-7' },
  })
  const tools = [{ kind: 'endCall', name: 'call_end', description: 'Ends the call.' } as const]
  const deltas = await collect(
    model.reply(messages, { tools, requestId: 'request-1', headers: { 'X-Invoke-LLM': '1' } }, signal()),
  )
  expect(spoken(deltas)).toBe('Hello there.')
  const request = server.requests[0]
  expect(request?.url).toBe('/v1/chat/completions?token=query-secret')
  expect(request?.headers).toMatchObject({
    authorization: `Bearer ${key}`,
    'x-request-id': 'request-1',
    'x-task-id': 'call-7',
    'x-invoke-llm': '1',
  })
  expect(request?.body).toEqual({
    model: 'm1',
    messages: [
      { role: 'system', content: 'You are a clinic.' },
      { role: 'user', content: 'Private words' },
    ],
    temperature: 0.2,
    enable_thinking: false,
    stream: true,
    tools: [
      {
        type: 'function',
        function: { name: 'call_end', description: 'Ends the call.', parameters: { type: 'object', properties: {} } },
      },
    ],
  })
})

test.each([
  ['openai', '/v1/chat/completions', '/v1/chat/completions', 'authorization'],
  ['openai', '/v1', '/v1/chat/completions', 'authorization'],
  ['minimax', '/v1', '/v1/text/chatcompletion_v2', 'authorization'],
  ['azure', '/?api-version=2024-06-01', '/openai/deployments/m1/chat/completions?api-version=2024-06-01', 'api-key'],
] as const)('%s at %s is asked at %s', async (protocol, base, path, header) => {
  const { server, model } = await setUp(stream(sse(text('Hi'), finish()) + done))
  const providers = createProviders({
    clock: realClock,
    random: new SeededRandom(1),
    logger: silentLogger,
    cacheDir: 'unused',
  })
  open.push(providers)
  const spec: ModelSpec = { protocol, baseUrl: server.origin + base, apiKey: new Secret(key), model: 'm1' }
  expect(model.name).toBe('openai')
  expect(spoken(await collect(providers.chatModel(spec).reply(messages, options, signal())))).toBe('Hi')
  expect(server.requests[0]?.url).toBe(path)
  expect(server.requests[0]?.headers[header]).toContain(key)
  expect(Object.keys(server.requests[0]?.headers ?? {}).filter((name) => /authorization|api-key/.test(name))).toEqual([
    header,
  ])
})

test.each([
  [401, 'LLM_AUTH', 1],
  [403, 'LLM_AUTH', 1],
  [429, 'LLM_RATE_LIMITED', 2],
  [500, 'LLM_UNAVAILABLE', 2],
  [503, 'LLM_UNAVAILABLE', 2],
  [400, 'LLM_REJECTED', 1],
  [404, 'LLM_REJECTED', 1],
] as const)('status %i is %s after %i tries with one request id', async (status, code, tries) => {
  const { server, model } = await setUp((response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: `bad key ${key}: Private words`, code: key, type: 'some_kind' } }))
  })
  const error = await failure(model.reply(messages, options, signal()))
  expect(error.code).toBe(code)
  expect(error.message).toContain(`status ${status}, some_kind`)
  expect(server.requests.map((request) => request.headers['x-request-id'])).toEqual(Array(tries).fill('request-1'))
})

test('a server that asks to wait longer than a turn is not asked again', async () => {
  const { server, model } = await setUp((response) => void response.writeHead(429, { 'retry-after': '30' }).end('{}'))
  expect((await failure(model.reply(messages, options, signal()))).code).toBe('LLM_RATE_LIMITED')
  expect(server.requests).toHaveLength(1)
})

test('a second try after a server error gives the reply', async () => {
  const { model } = await setUp((response, _request, index) => {
    if (index === 0) return void response.writeHead(502).end('<html>bad gateway</html>')
    stream(sse(text('Back.'), finish()) + done)(response)
  })
  expect(spoken(await collect(model.reply(messages, options, signal())))).toBe('Back.')
})

test('a server that cannot be reached is LLM_UNAVAILABLE with the reason of the network', async () => {
  const { server, model } = await setUp(() => {})
  await server[Symbol.asyncDispose]()
  const error = await failure(model.reply(messages, options, signal()))
  expect(error.code).toBe('LLM_UNAVAILABLE')
  expect(error.message).toContain('ECONNREFUSED')
})

test.each([
  ['an address that is none', { baseUrl: 'not an address ?key=query-secret' }],
  ['a scheme that is not http', { baseUrl: 'ftp://example.org/?key=query-secret' }],
  ['azure without a deployment', { protocol: 'azure', baseUrl: 'http://127.0.0.1:9', model: '' }],
] as const)('%s is LLM_REJECTED', async (_name, spec) => {
  const { model } = await setUp(() => {}, spec)
  expect((await failure(model.reply(messages, options, signal()))).code).toBe('LLM_REJECTED')
})

test.each([
  ['HTML', '<html><body>Sign in</body></html>', 'text/html'],
  ['a JSON object', '{"choices":[{"message":{"content":"Hi"}}]}', 'application/json'],
  ['an empty body', '', 'text/event-stream'],
  ['events that are not JSON', 'data: {"choices": [{]\n\n', 'text/event-stream'],
  ['JSON of another form', 'data: {"choices": "none"}\n\n', 'text/event-stream'],
  ['random bytes', Buffer.from(new SeededRandom(5).bytes(5000)), 'text/event-stream'],
  ['a stream without an end', sse(text('Half a')), 'text/event-stream'],
] as const)('%s instead of a stream is LLM_BAD_RESPONSE', async (_name, body, type) => {
  const { model } = await setUp((response) => void response.writeHead(200, { 'content-type': type }).end(body))
  expect((await failure(model.reply(messages, options, signal()))).code).toBe('LLM_BAD_RESPONSE')
})

test('a connection that breaks in the middle keeps what was said and is not tried again', async () => {
  const { server, model } = await setUp((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-length': '10000' })
    response.write(sse(text('One moment')), () => response.destroy())
  })
  const heard: ReplyDelta[] = []
  const reading = (async () => {
    for await (const delta of model.reply(messages, options, signal())) heard.push(delta)
  })()
  await expect(reading).rejects.toMatchObject({ code: 'LLM_BAD_RESPONSE' })
  expect(spoken(heard)).toBe('One moment')
  expect(server.requests).toHaveLength(1)
})

test('an error object within the stream is a failure of the server', async () => {
  const { model } = await setUp(stream(sse({ error: { message: 'Private words', type: 'server_error' } })))
  expect((await failure(model.reply(messages, options, signal()))).code).toBe('LLM_UNAVAILABLE')
})

test('a server that hangs before the first word times out, twice, and the connection is closed', async () => {
  const clock = new VirtualClock()
  const closed: Promise<unknown>[] = []
  let asked = () => {}
  const { server, model } = await setUp(
    (response) => {
      closed.push(once(response, 'close'))
      asked()
    },
    {},
    clock,
  )
  const nextRequest = () =>
    new Promise<void>((resolve) => {
      asked = resolve
    })
  const first = nextRequest()
  const failed = failure(model.reply(messages, options, signal()))
  await first
  await clock.advance(2000)
  const second = nextRequest()
  await clock.advance(150)
  await second
  await clock.advance(2000)
  expect((await failed).code).toBe('LLM_TIMEOUT')
  await Promise.all(closed)
  expect(server.requests).toHaveLength(2)
  expect(clock.pendingTimers).toBe(0)
})

test('a server that hangs between two words times out and is not asked again', async () => {
  const clock = new VirtualClock()
  const { server, model } = await setUp(
    (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(sse(text('Well')))
    },
    {},
    clock,
  )
  const iterator = model.reply(messages, options, signal())[Symbol.asyncIterator]()
  expect((await iterator.next()).value).toEqual({ type: 'text', text: 'Well' })
  const rest = iterator.next()
  rest.catch(() => {})
  await settle()
  await clock.advance(2000)
  await expect(rest).rejects.toMatchObject({ code: 'LLM_TIMEOUT' })
  expect(server.requests).toHaveLength(1)
})

test('pieces of tool calls become whole calls after the text', async () => {
  const piece = (index: number, fields: object) => ({
    choices: [{ index: 0, delta: { tool_calls: [{ index, function: fields }] }, finish_reason: null }],
  })
  const { model } = await setUp(
    stream(
      sse(
        { choices: [] },
        text('Goodbye.'),
        piece(0, { name: 'call_end', arguments: '' }),
        piece(0, { arguments: '{"rea' }),
        piece(1, { name: 'note' }),
        piece(0, { arguments: 'son":"done"}' }),
        finish('tool_calls'),
        { choices: [], usage: { total_tokens: 3 } },
      ) + done,
    ),
  )
  expect(await collect(model.reply(messages, options, signal()))).toEqual([
    { type: 'text', text: 'Goodbye.' },
    { type: 'toolCall', name: 'call_end', arguments: '{"reason":"done"}' },
    { type: 'toolCall', name: 'note', arguments: '{}' },
  ])
})

test('text survives being cut inside a character, a line and an event', async () => {
  const words = 'Grüße, 您好, 🙂!'
  const body = Buffer.from(sse(text(words), finish()) + done)
  const { model } = await setUp(async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const byte of body) {
      await new Promise<void>((resolve) => response.write(Buffer.of(byte), () => resolve()))
    }
    response.end()
  })
  expect(spoken(await collect(model.reply(messages, options, signal())))).toBe(words)
})

test('an abort ends the reply with its reason and the request at the server', async () => {
  let closed: Promise<unknown> | undefined
  const { model } = await setUp((response) => {
    closed = once(response, 'close')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(sse(text('I was')))
  })
  const abort = new AbortController()
  const iterator = model.reply(messages, options, abort.signal)[Symbol.asyncIterator]()
  await iterator.next()
  const rest = iterator.next()
  const reason = new Error('barge-in')
  abort.abort(reason)
  await expect(rest).rejects.toBe(reason)
  await closed
})

test('a reader that stops early ends the request at the server', async () => {
  let closed: Promise<unknown> | undefined
  const { model } = await setUp((response) => {
    closed = once(response, 'close')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(sse(text('I was')))
  })
  for await (const delta of model.reply(messages, options, signal())) {
    expect(delta).toEqual({ type: 'text', text: 'I was' })
    break
  }
  await closed
})

test('prewarming opens the connection that the replies then use', async () => {
  const { server, model } = await setUp(stream(sse(text('Hi'), finish()) + done))
  await model.prewarm?.()
  await collect(model.reply(messages, options, signal()))
  await settle()
  await collect(model.reply(messages, options, signal()))
  expect(server.others).toEqual(['OPTIONS'])
  expect(server.connections()).toBe(1)
})

test('prewarming again does nothing as long as a connection is idle, and opens another when the server has closed it', async () => {
  const { server, model } = await setUp(stream(sse(text('Hi'), finish()) + done))
  await model.prewarm?.()
  await model.prewarm?.()
  expect(server.others).toHaveLength(1)
  server.closeIdle()
  await vi.waitFor(async () => {
    await model.prewarm?.()
    expect(server.connections()).toBe(2)
  })
  await collect(model.reply(messages, options, signal()))
  expect(server.connections()).toBe(2)
})

test('a connection is open again soon after an abort has cost one', async () => {
  const { server, model } = await setUp((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(sse(text('I was')))
  })
  const abort = new AbortController()
  const iterator = model.reply(messages, options, abort.signal)[Symbol.asyncIterator]()
  await iterator.next()
  abort.abort(new Error('barge-in'))
  await iterator.next().catch(() => {})
  await vi.waitFor(() => expect(server.others).toEqual(['OPTIONS']))
  expect(server.connections()).toBe(2)
})

test('prewarming a server that is not there fails silently', async () => {
  const { server, model } = await setUp(() => {})
  await server[Symbol.asyncDispose]()
  await model.prewarm?.()
})
