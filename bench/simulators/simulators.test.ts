import { expect, onTestFinished, test } from 'vitest'
import { SeededRandom } from '../seeded-random.ts'
import { decodeWatermark } from '../watermark.ts'
import { startProviders } from './provider-process.ts'
import type { ModelRecord, RecognitionRecord, SpeechRecord } from './request-log.ts'

const script = [
  {
    words: [
      { text: 'ten', endMs: 200 },
      { text: 'clubs', endMs: 400 },
    ],
    durationMs: 400,
  },
  { words: [{ text: 'yes', endMs: 200 }], durationMs: 200 },
]

async function start() {
  const providers = await startProviders({ seed: 1, profile: 'fast', script, apiKey: 'k', replyWords: 6 })
  onTestFinished(() => providers[Symbol.asyncDispose]())
  return providers
}

test('a reply tells which request and turn it belongs to, and is paced', async () => {
  const providers = await start()
  const body = {
    stream: true,
    messages: [
      { role: 'user', content: 'old c1t1' },
      { role: 'user', content: 'c4t2 yes' },
    ],
  }
  const response = await fetch(`http://127.0.0.1:${providers.ports.llm}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  const text = [...(await response.text()).matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join('')
  expect(text).toBe('R2 w1n1 w1n2 w1n3 w1n4 w1n5.')
  const [record] = (await providers.collect()) as ModelRecord[]
  expect(record?.tokensNs).toHaveLength(6)
  expect(((record?.tokensNs[0] ?? 0) - (record?.receivedNs ?? 0)) / 1e6).toBeGreaterThanOrEqual(119)
})

test('speech is a watermark of its text, and a listener who leaves is noticed', async () => {
  const providers = await start()
  const say = (text: string, signal?: AbortSignal) =>
    fetch(`http://127.0.0.1:${providers.ports.tts}/tts`, {
      method: 'POST',
      headers: { authorization: 'Bearer k' },
      body: JSON.stringify({ Text: text, SampleRate: 8_000 }),
      ...(signal && { signal }),
    })
  const audio = new Int16Array(await (await say('R2 w77n1 w77n2.')).arrayBuffer())
  expect(decodeWatermark(audio).map(({ response, word }) => [response, word])).toEqual([
    [77, 0],
    [77, 1],
    [77, 2],
  ])
  const controller = new AbortController()
  await say('a long text that is not heard out '.repeat(50), controller.signal)
  controller.abort()
  await expect
    .poll(async () => ((await providers.collect()) as SpeechRecord[]).some((record) => record.cancelledNs), {
      timeout: 5_000,
    })
    .toBe(true)
})

test('the recogniser follows the voice through the script and answers Finalize', async () => {
  const providers = await start()
  const socket = new WebSocket(`ws://127.0.0.1:${providers.ports.asr}/v1/listen`, {
    headers: { authorization: 'Token k' },
  })
  const messages: { is_final: boolean; channel: { alternatives: { transcript: string }[] } }[] = []
  socket.addEventListener('message', (event) => messages.push(JSON.parse(String(event.data))))
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const random = new SeededRandom(2)
  const send = (peak: number, frames: number) => {
    for (let frame = 0; frame < frames; frame += 1) {
      socket.send(Int16Array.from({ length: 160 }, () => random.below(2 * peak + 1) - peak))
    }
  }
  const texts = (isFinal: boolean) =>
    messages.filter((message) => message.is_final === isFinal).map(({ channel }) => channel.alternatives[0]?.transcript)
  send(20, 5)
  send(8_000, 20)
  send(20, 20)
  await expect.poll(() => texts(false)).toEqual(['c1t1 ten', 'c1t1 ten clubs'])
  socket.send('{"type":"Finalize"}')
  socket.send('{"type":"Finalize"}')
  await expect.poll(() => texts(true)).toEqual(['c1t1 ten clubs', ''])
  send(8_000, 10)
  send(20, 20)
  socket.send('{"type":"Finalize"}')
  await expect.poll(() => texts(true)).toEqual(['c1t1 ten clubs', '', 'c1t2 yes'])
  socket.close()
  const events = ((await providers.collect()) as RecognitionRecord[]).map(({ event, turn }) => `${event}${turn}`)
  expect(events).toContain('onset2')
})
