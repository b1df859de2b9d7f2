import { type ModelSpec, type ReplyDelta, Secret, silentLogger } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createProviders } from '../src/index.ts'
import { done, finish, httpServer, sse, stream, text } from './scripted-http-server.ts'

/** A server that answers the first eight requests at once, the ninth never, and all after it at once. */
async function setUp(hedge: boolean, protocol: ModelSpec['protocol'] = 'openai') {
  const clock = new VirtualClock()
  let seenNinth = () => {}
  const ninth = new Promise<void>((resolve) => {
    seenNinth = resolve
  })
  const dify = 'data: {"event":"message","answer":"Hi"}\n\ndata: {"event":"message_end"}\n\n'
  const answer = stream(protocol === 'dify' ? dify : sse(text('Hi'), finish()) + done)
  const server = await httpServer((response, _request, index) => (index === 8 ? seenNinth() : answer(response)))
  const providers = createProviders({
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
    cacheDir: 'unused',
    llmTimeoutMs: 2_000,
    hedge,
  })
  onTestFinished(async () => {
    await providers[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  /** Of a new call each time: what is known of a model is known to all of them. */
  const ask = async () => {
    const spec = { protocol, baseUrl: `${server.origin}/v1`, apiKey: new Secret('k'), model: 'm' }
    const deltas: ReplyDelta[] = []
    const options = { tools: [], requestId: 'r' }
    const messages = [{ role: 'user', text: 'Hello' }] as const
    for await (const delta of providers.chatModel(spec).reply(messages, options, new AbortController().signal))
      deltas.push(delta)
    return deltas
  }
  for (let reply = 0; reply < 8; reply += 1) await ask()
  return { clock, ask, ninth, requests: server.requests }
}

test('a model that is slower than it was for other calls is asked a second time, with the same words', async () => {
  const { clock, ask, ninth, requests } = await setUp(true)
  const reply = ask()
  await ninth
  await clock.advance(150)
  expect(await reply).toEqual([{ type: 'text', text: 'Hi' }])
  expect(requests).toHaveLength(10)
  expect(requests[9]?.body).toEqual(requests[8]?.body)
})

test.each([
  ['without the setting', false, 'openai'],
  ['when the server keeps the conversation', true, 'dify'],
] as const)('%s a model is asked once', async (_name, hedge, protocol) => {
  const { clock, ask, ninth, requests } = await setUp(hedge, protocol)
  const reply = ask()
  await ninth
  await clock.advance(1_999)
  expect(requests).toHaveLength(9)
  await clock.advance(151)
  expect(await reply).toEqual([{ type: 'text', text: 'Hi' }])
})
