import { type LivePeer, startLiveServer } from '@parley/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { startTalkHouse, type Talk, type TalkHouse } from './talk-house.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'

const caller = {
  answer: { after: 200 },
  steps: [{ wait: { heard: 'end' as const } }, { say: { text: 'thank you goodbye' } }],
  ends: 'peer' as const,
}
const apiKey = 'key-of-my-recogniser'
/** Nothing the built-in recogniser could have heard. */
const words = 'seven purple umbrellas'

let house: TalkHouse
let model: TellingModel
let service: Awaited<ReturnType<typeof startLiveServer>>
let talk: Talk
const peers: LivePeer[] = []

/** Hears the same words in each stretch of voice. */
async function recognise(index: number): Promise<void> {
  const peer = await service.peer(index)
  peers.push(peer)
  void recognise(index + 1)
  for (let asked = 1; ; asked += 1) {
    await peer.until(() => peer.texts.filter((text) => text.includes('Finalize')).length >= asked)
    const seconds = peer.audioBytes / 16_000
    peer.send({
      type: 'Results',
      start: Math.max(0, seconds - 1),
      duration: Math.min(1, seconds),
      is_final: true,
      from_finalize: true,
      channel: { alternatives: [{ transcript: words, confidence: 0.9, words: [] }] },
    })
  }
}

beforeAll(async () => {
  house = await startTalkHouse({ caller })
  model = await startTellingModel()
  service = await startLiveServer()
  void recognise(0)
  const url = model.open('short', () => ({ say: 'Goodbye.', end: true }))
  const config = { STTType: 'Deepgram', APIKey: apiKey, APIUrl: `${service.url}?tier=mine`, Model: 'nova-3' }
  talk = await house.talk('caller', url, { CustomSTTConfig: JSON.stringify(config) })
}, 120_000)

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
  service?.stop()
})

test('the model and the transcript get the words of the recogniser that the call brought', async () => {
  expect(talk.cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
  expect(model.requests('short').at(-1)?.messages.at(-1)?.content).toContain(words)
  const { sdkAppId: SdkAppId } = testApplication
  const { AsrDataList } = await house.client.DescribeTelRecordAsr({ SdkAppId, SessionId: talk.sessionId })
  expect(AsrDataList?.find(({ User }) => User === 'user')?.Message).toContain(words)
})

test('it is asked in the way of its protocol, with the key of the call', () => {
  const [peer] = peers
  const url = new URL(peer?.request.url ?? '', 'ws://x')
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ tier: 'mine', model: 'nova-3', language: 'en' })
  expect(peer?.request.headers.authorization).toBe(`Token ${apiKey}`)
  expect(house.engine.log()).not.toContain(apiKey)
})
