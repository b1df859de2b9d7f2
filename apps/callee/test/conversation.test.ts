import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallReport } from '../src/index.ts'
import { callBetween } from './phone-pair.ts'

/** A busy machine may hold a packet up this long. */
const stallMs = 300

interface Line {
  readonly direction: 'sent' | 'received'
  readonly atNs: number
  readonly dueNs?: number
  readonly seq: number
  readonly timestamp: number
  readonly isSpeech?: boolean
  readonly levelDb?: number
  readonly key?: string
}

async function readPackets(report: CallReport): Promise<Line[]> {
  const text = await readFile(report.packetsPath ?? '', 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

async function talk(outDir: string) {
  return callBetween(
    {
      outDir,
      script: {
        answer: { after: 100 },
        steps: [
          { wait: { heard: 'end', silence: 600, timeout: '5s' } },
          { say: { clip: 'cards-001.wav' } },
          { wait: { heard: 'end', silence: 300, timeout: '5s' } },
        ],
      },
    },
    {
      script: {
        steps: [
          { pause: 100 },
          { say: { parts: [{ clip: 'cards-001.wav' }, { pause: 450 }, { clip: 'cards-001.wav' }] } },
          { wait: { heard: 'end', silence: 200, timeout: '5s' } },
          { say: { clip: 'cards-003.wav' } },
        ],
        ends: 'peer',
      },
    },
    { outDir },
  )
}

let directory: string
/** One conversation serves the tests that look at it from different sides. */
let conversation: ReturnType<typeof talk>

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'callee-test-'))
  conversation = talk(directory)
})

afterAll(() => rm(directory, { recursive: true }))

test('a conversation follows both scripts and is measured to the millisecond', { timeout: 30_000 }, async () => {
  const { callee, caller } = await conversation
  expect(caller).toMatchObject({ outcome: 'completed', endedBy: 'peer', problems: [] })
  expect(callee).toMatchObject({ outcome: 'completed', endedBy: 'phone', problems: [], role: 'callee' })
  // A pause of 450 ms breaks the caller's first words in two.
  expect(callee.heard).toHaveLength(3)

  // Both phones agree on when the answer came: the callee's first packet of speech.
  const [question] = caller.spoken
  const [answer] = callee.spoken
  const byHand = ((answer?.firstPacketSentNs ?? 0) - (question?.lastSpeechPacketSentNs ?? 0)) / 1e6
  expect(question?.v2vMs).toBeGreaterThan(byHand)
  expect(question?.v2vMs).toBeLessThan(byHand + stallMs)
  expect(question?.cutInMs).toBeNull()

  const packets = await readPackets(caller)
  const sent = packets.filter(({ direction }) => direction === 'sent')
  const start = sent[0]
  for (const [k, packet] of sent.entries()) {
    expect(packet.dueNs).toBe((start?.dueNs ?? 0) + k * 20e6)
    expect(packet.timestamp).toBe(((start?.timestamp ?? 0) + 160 * k) >>> 0)
  }
  expect(median(sent.map(({ atNs, dueNs }) => Math.abs(atNs - (dueNs ?? 0)) / 1e6))).toBeLessThan(3)
  const spoken = sent.filter(({ isSpeech }) => isSpeech)
  expect(spoken.some(({ atNs }) => atNs === question?.lastSpeechPacketSentNs)).toBe(true)
  expect(spoken.at(-1)?.atNs).toBe(caller.spoken[1]?.lastSpeechPacketSentNs)
  const pause = spoken.slice(
    0,
    spoken.findIndex(({ atNs }) => atNs === question?.lastSpeechPacketSentNs),
  )
  const quiet = pause.filter(({ levelDb }) => (levelDb ?? 0) < -60)
  expect(quiet.length).toBeGreaterThanOrEqual(21)
  expect(quiet.length).toBeLessThanOrEqual(23)
  // Idle packets are quiet but never digital silence.
  for (const packet of sent) if (!packet.isSpeech) expect(packet.levelDb).toBeGreaterThan(-76)
  for (const packet of sent) if (!packet.isSpeech) expect(packet.levelDb).toBeLessThan(-55)
})

function channel(file: Buffer, side: 0 | 1): Int16Array {
  return Int16Array.from({ length: (file.length - 44) / 4 }, (_, i) => file.readInt16LE(44 + i * 4 + side * 2))
}

/** First sample above the loudest noise. */
function onset(samples: Int16Array): number {
  return samples.findIndex((sample) => Math.abs(sample) > 200)
}

test('the recording holds both sides in their places', { timeout: 30_000 }, async () => {
  const { callee, caller } = await conversation
  const own = await readFile(caller.wavPath ?? '')
  const other = await readFile(callee.wavPath ?? '')
  // Left of one phone is right of the other, sample for sample, but for the start of the clocks.
  const sent = channel(own, 0)
  const heard = channel(other, 1)
  const shiftMs = ((caller.mediaStartedAtNs ?? 0) - (callee.mediaStartedAtNs ?? 0)) / 1e6
  const differenceMs = (onset(heard) - onset(sent)) / 8
  expect(Math.abs(differenceMs - shiftMs)).toBeLessThan(6)
  const from = onset(sent)
  const offset = onset(heard) - from
  for (let i = from; i < from + 8000; i += 1) expect(heard[i + offset]).toBe(sent[i])
  // The first sound heard in the file lies where the report says it was heard.
  const right = channel(own, 1)
  const saidAtMs = ((caller.heard[0]?.startNs ?? 0) - (caller.mediaStartedAtNs ?? 0)) / 1e6
  expect(Math.abs(onset(right) / 8 - saidAtMs)).toBeLessThan(stallMs)
})

test('keys arrive once each and as they were dialled', { timeout: 20_000 }, async () => {
  const { callee } = await callBetween(
    { script: { answer: {}, ends: 'peer' } },
    { script: { steps: [{ pause: 100 }, { dtmf: '1337#*A' }, { pause: 60 }] } },
  )
  const keys = callee.events.filter(({ type }) => type === 'dtmf').map(({ key }) => key)
  expect(keys.join('')).toBe('1337#*A')
})

test('an interruption begins when the other side has spoken long enough', { timeout: 20_000 }, async () => {
  const { caller } = await callBetween(
    { script: { answer: {}, steps: [{ say: { clip: 'librivox-0880.wav' } }], ends: 'peer' } },
    { script: { steps: [{ interrupt: { after: '700ms', clip: 'cards-004.wav' } }] } },
  )
  const [interruption] = caller.spoken
  const startNs = caller.heard[0]?.startNs ?? 0
  const lateMs = ((interruption?.firstPacketSentNs ?? 0) - startNs) / 1e6 - 700
  expect(lateMs).toBeGreaterThanOrEqual(0)
  expect(lateMs).toBeLessThan(stallMs)
  expect(interruption?.wasHeardAtOnset).toBe(true)
})
