import { expect, test } from 'vitest'
import { policy, Stage } from './stage.ts'

const longReply =
  'Sure, I can do that. Your order of Monday will be cancelled today, and the money comes back within five days.'
/** The first line is answered with the long reply; the others are said over it. */
const overIt = (...lines: (string | null)[]) =>
  new Stage({ lines: ['cancel my order', ...lines], reply: () => longReply })

/** The assistant has been answering for a while. */
async function answering(stage: Stage): Promise<void> {
  await stage.start()
  await stage.speak()
  await stage.clock.advance(2000)
}

test('a noise that silenced the assistant costs a pause: every word is said, none twice but the one it stopped in', async () => {
  await using stage = overIt('')
  await answering(stage)
  await stage.speak(700)
  const [pausedAtMs, resumedAtMs] = gapOf(stage)
  expect(resumedAtMs - pausedAtMs).toBeLessThan(500)
  await stage.clock.advance(8000)
  expect(stage.said().at(-1)).toBe(`reply: ${longReply}`)
  const samples = stage.synthesizer.texts.join('').length * 480
  const word = 12 * 480
  const sent = stage.media.sent.length * 160
  expect(sent).toBeGreaterThanOrEqual(samples)
  expect(sent - samples).toBeLessThan(word)
})

/** The longest silence between two packets of speech. */
function gapOf(stage: Stage): [number, number] {
  const times = stage.media.sent.map((packet) => packet.atMs)
  const gaps = times.slice(1).map((atMs, index): [number, number] => [times[index] ?? 0, atMs])
  return gaps.reduce((longest, gap) => (gap[1] - gap[0] > longest[1] - longest[0] ? gap : longest), [0, 0])
}

test('an interruption without words yet is silence at once, and with them the history ends before the pause', async () => {
  await using stage = overIt('what about Thursday instead')
  await answering(stage)
  await stage.speak(700)
  await stage.clock.advance(1500)
  const [reply] = stage.reported('assistant.said')
  expect(reply).toMatchObject({ interrupted: true })
  const played = stage.media.events.findLast((event) => event.type === 'playout.progress' && event.generation === 1)
  expect(reply?.heard.length).toBeLessThan(longReply.length / 2)
  expect(played).toMatchObject({
    playedSamples: stage.media.sent.filter(({ generation }) => generation === 1).length * 160,
  })
})

test('recognition that has gone deaf is opened anew and hears the next words', async () => {
  await using stage = new Stage({ lines: [null, null, 'cancel my order'] })
  await stage.start()
  await stage.speak()
  await stage.clock.advance(6000)
  await stage.speak()
  await stage.clock.advance(6000)
  expect(stage.reported('talk.repaired')).toEqual([{ type: 'talk.repaired', fault: 'listeningWithoutHearing' }])
  await stage.speak()
  await stage.clock.advance(3000)
  expect(stage.said()).toContain('user: cancel my order')
})

test('an end-of-turn model hears the last seconds of the caller and shortens the hold', async () => {
  const heard: number[] = []
  const endOfTurnModel = {
    name: 'sure',
    score: (audio: Int16Array) => {
      heard.push(audio.length)
      return Promise.resolve(0.97)
    },
  }
  const turn = { endpointing: { ...policy.endpointing, threshold: 0.97, actionDelayMs: 200, timeoutMs: 1500 } }
  const eosToAudio = async (options: object) => {
    await using stage = new Stage({ lines: ['the blue one'], turn, model: { firstTokenMs: 20 }, ...options })
    await stage.start()
    const eosMs = await stage.speak()
    await stage.clock.advance(4000)
    return (stage.media.audibleAtMs() ?? 0) - eosMs
  }
  const without = await eosToAudio({})
  const withModel = await eosToAudio({ endOfTurnModel })
  expect(withModel).toBeLessThan(without - 50)
  expect(heard[0]).toBeGreaterThanOrEqual(8000)
})

test('a model that fails or never answers leaves endpointing as it is', async () => {
  for (const score of [() => Promise.reject(new Error('broken')), () => new Promise<number>(() => {})]) {
    await using stage = new Stage({ lines: ['cancel my order'], endOfTurnModel: { name: 'bad', score } })
    await stage.start()
    const eosMs = await stage.speak()
    await stage.clock.advance(4000)
    expect(stage.media.audibleAtMs()).toBe(eosMs + policy.endpointing.timeoutMs)
  }
})
