import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallReport } from '@parley/callee'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { answered, assistantLines, finishedCdr, sessionStatus, until } from './placed-call.ts'
import { readStereoWav } from './stereo-wav.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { startTestHouse, type TestHouse } from './test-house.ts'
import { blocksOf, toneMs, writeTone } from './tone.ts'

const { sdkAppId } = testApplication
const callerHz = 500
const humanHz = 1250
const toolName = 'call_transfer_to_sales'

let folder: string
let house: TestHouse
let model: TellingModel
let modelUrl: string

const asksForHuman = `
answer: { after: 100ms }
steps:
  - wait: { heard: end }
  - say: { text: "give me a human" }
`
const hums = (name: string) => JSON.stringify(join(folder, name))

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-tones-'))
  writeTone(join(folder, 'caller.wav'), callerHz, 14)
  writeTone(join(folder, 'human.wav'), humanHz, 5)
  model = await startTellingModel()
  modelUrl = model.open('transfer', (text, messages) => {
    if (messages[0]?.content.startsWith('A colleague')) return 'The caller wants to buy ten chairs.'
    if (messages.at(-1)?.role === 'system') return 'Sorry, nobody is there right now.'
    if (/human/.test(text)) return { say: 'One moment.', call: toolName }
    return { say: 'Goodbye.', end: true }
  })
  const caller = `${asksForHuman}  - silence: 5s\n  - say: { clip: ${hums('caller.wav')} }\nends: peer\n`
  const human = `
answer: { after: 500ms }
steps:
  - wait: { heard: end, silence: 400ms }
  - say: { clip: ${hums('human.wav')} }
`
  const group = (id: number, digits: readonly string[]) => ({
    id,
    name: `group ${id}`,
    targets: digits.map((last) => ({ number: `0086130000${last}`, trunk: 'phone' })),
    holdPrompt: 'Please hold.',
  })
  house = await startTestHouse(
    {
      '0001': caller,
      '0002': `${asksForHuman}  - wait: { heard: end, silence: 3s }\n  - say: { text: "thank you goodbye" }\nends: peer\n`,
      '0003': `${asksForHuman}  - silence: 6s\n  - hangup: true\n`,
      '0004': `answer: { after: 100ms }\nsteps:\n  - wait: { heard: end }\n  - silence: 6s\n  - say: { clip: ${hums('caller.wav')} }\n`,
      '9001': human,
      '9002': 'busy: true',
      '9003': 'never: true',
      '9004': human,
    },
    {
      config: () => ({
        skillGroups: [group(7, ['9002', '9001']), group(8, ['9002']), group(9, ['9003']), group(10, ['9004'])],
      }),
    },
  )
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const call = (digits: string, skillGroupId: number) =>
  house.call(digits, {
    APIUrl: modelUrl,
    NotifyMaxCount: 0,
    Variables: [{ Key: 'parley-asr-hints', Value: 'give me a human\nthank you goodbye' }],
    TransferFunctionEnable: true,
    TransferItems: [
      { TransferFunctionName: toolName, TransferFunctionDesc: 'To sales.', TransferSkillGroupId: skillGroupId },
    ],
  })

/** The report of the one call to the phone of these digits. */
async function reportOf(digits: string): Promise<CallReport> {
  const seen = await until(`a call of ${digits}`, 30_000, async () => house.seen.find((one) => one.digits === digits))
  return seen.call.ended
}

const heardBy = (report: CallReport) => readStereoWav(readFileSync(report.wavPath ?? '')).right
const spokenBy = (sessionId: string) => assistantLines(house.client, sessionId)

test('the model hands the caller over: the first human is busy, the second hears the summary, then each hears the other', {
  timeout: 90_000,
  retry: 1,
}, async () => {
  const sessionId = await call('0001', 7)
  const cdr = await finishedCdr(house.client, sessionId, 60_000)
  const human = await reportOf('9001')
  const caller = await reportOf('0001')
  expect(human).toMatchObject({ outcome: 'completed', endedBy: 'phone', problems: [] })
  expect(caller.endedBy).toBe('peer')

  // The human hears speech first and the caller's tone only after it.
  const kinds = blocksOf(heardBy(human), callerHz)
  const firstTone = kinds.indexOf('tone')
  expect(kinds.slice(0, firstTone).filter((kind) => kind === 'sound').length).toBeGreaterThan(20)
  expect(toneMs(heardBy(human), callerHz)).toBeGreaterThan(2_500)
  expect(toneMs(heardBy(caller), humanHz)).toBeGreaterThan(4_000)

  expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'seat', SkillGroupId: 7, SkillGroup: 'group 7' })
  expect(cdr.ServeParticipants).toMatchObject([
    { Sequence: 0, Phone: '00861300009002', EndStatusString: 'busy' },
    { Sequence: 1, Phone: '00861300009001', EndStatusString: 'ok', Type: 'outboundSeat' },
  ])
  const recording = readStereoWav(readFileSync(join(house.dataDir, 'recordings', `${sessionId}.wav`)))
  expect(toneMs(recording.left, callerHz)).toBeGreaterThan(2_500)
  expect(toneMs(recording.right, humanHz)).toBeGreaterThan(4_000)
})

test('the human is busy: the caller hears the assistant again and the talk goes on', {
  timeout: 90_000,
  retry: 1,
}, async () => {
  const sessionId = await call('0002', 8)
  const cdr = await finishedCdr(house.client, sessionId, 60_000)
  expect(cdr).toMatchObject({ SysHangupReasonString: 'functionCallHangup', SkillGroupId: null })
  expect(cdr.ServeParticipants).toMatchObject([{ EndStatusString: 'busy' }])
  const said = await spokenBy(sessionId)
  expect(said).toEqual(expect.arrayContaining(['One moment.', 'Sorry, nobody is there right now.', 'Goodbye.']))
})

test('the caller hangs up while the human rings: the ringing stops', { timeout: 90_000, retry: 1 }, async () => {
  const sessionId = await call('0003', 9)
  const cdr = await finishedCdr(house.client, sessionId, 60_000)
  expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'user' })
  expect(cdr.ServeParticipants).toMatchObject([{ EndStatusString: 'callerCancelWhileRing' }])
  expect(await reportOf('9003')).toMatchObject({ outcome: 'cancelled' })
})

test('an operator hands the caller over with TransferToManual', { timeout: 90_000, retry: 1 }, async () => {
  const sessionId = await call('0004', 9)
  await answered(house.client, sessionId)
  const transfer = (SkillGroupId: number) =>
    house.client.TransferToManual({ SdkAppId: sdkAppId, SessionId: sessionId, SkillGroupId })
  await expect(transfer(99)).rejects.toMatchObject({ code: 'InvalidParameterValue.SkillGroupError' })
  await transfer(10)
  await expect(transfer(10)).rejects.toMatchObject({ code: 'FailedOperation.SessionNotExists' })
  expect(await sessionStatus(house.client, sessionId)).toBe('inProgress')
  const human = await reportOf('9004')
  const caller = await reportOf('0004')
  expect(human.outcome).toBe('completed')
  expect(toneMs(heardBy(caller), humanHz)).toBeGreaterThan(4_000)
  expect(await finishedCdr(house.client, sessionId, 20_000)).toMatchObject({ HungUpSide: 'seat', SkillGroupId: 10 })
})

test('afterwards no log line holds a number or what was said', () => {
  expect(house.engine.log()).not.toMatch(/130000900\d|ten chairs/)
})
