import { Channel, type EarlySound, silentLogger } from '@parley/core'
import { ScriptedRecognizer, VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { type EarlyFinding, EarlyMedia } from './early-media.ts'

const recognition = { languages: ['en'], hints: [] }

function stage(lines: readonly string[]) {
  const clock = new VirtualClock()
  const recognizer = new ScriptedRecognizer({ clock, lines })
  const early = new Channel<EarlySound>(100, 'fail')
  const findings: EarlyFinding[] = []
  const ear = new EarlyMedia({
    media: { listenEarly: async () => {}, early },
    recognizer,
    recognition,
    logger: silentLogger,
    onFinding: (finding) => findings.push(finding),
  })
  /** `loud`: one letter per 100 ms. */
  const play = async (pattern: string) => {
    for (const letter of pattern) {
      early.push({ samples: new Int16Array(800), mediaMs: clock.nowMs(), isVoice: letter === 'v' })
      await clock.advance(100)
    }
  }
  return { ear, recognizer, findings, play }
}

test('an announcement is cut into sentences and understood', async () => {
  const { ear, recognizer, findings, play } = stage(['we are sorry', 'the number you have dialed is not in service'])
  await ear.listen('v=0')
  await play(`..${'v'.repeat(10)}......${'v'.repeat(20)}.........`)
  expect(recognizer.marks.map(({ type, mediaMs }) => `${type} ${mediaMs}`)).toEqual([
    'speech.started 200',
    'speech.stopped 1200',
    'speech.started 1800',
    'speech.stopped 3800',
  ])
  expect(findings[0]).toEqual({ reason: 'numberNotExist', by: 'words' })
  ear.stop()
})

test('tones are told until the call is answered', async () => {
  const { ear, findings } = stage([])
  await ear.listen('v=0')
  ear.tone('ringback')
  ear.tone('busy')
  ear.stop()
  ear.tone('sit.noNumber')
  expect(findings).toEqual([{ reason: 'busy', by: 'tone' }])
})
