import type { CallOutcome, UnansweredReason } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { type CallCommand, type CallMachine, type CallMachineEvent, newCall, stepCall, teardownMs } from './call.ts'

type Input = CallMachineEvent extends infer E
  ? E extends { atMs: number }
    ? Omit<E, 'atMs'> & { atMs?: number }
    : never
  : never

function run(events: readonly Input[], limits = {}): { call: CallMachine; commands: CallCommand[] } {
  let call = newCall(limits)
  const commands: CallCommand[] = []
  for (const event of events) {
    const [next, more] = stepCall(call, { atMs: 0, ...event } as CallMachineEvent)
    call = next
    commands.push(...more)
  }
  return { call, commands }
}

const outcomes = (commands: readonly CallCommand[]): CallOutcome[] =>
  commands.flatMap((command) => (command.type === 'finish' ? [command.outcome] : []))

const ringing: Input = { type: 'leg', event: { type: 'ringing', status: 180 } }
const answered: Input = { type: 'leg', event: { type: 'answered', sdp: 'v=0' } }
const bye: Input = { type: 'leg', event: { type: 'bye' } }
const found = (by: 'words' | 'tone') => (reason: UnansweredReason) =>
  ({ type: 'early.finding', finding: { reason, by } }) as const
const announced = found('words')
const sounded = found('tone')
const refused = (status: number): Input => ({ type: 'leg', event: { type: 'rejected', status, reason: '' } })

describe('every way a call can end', () => {
  const table: [string, Input[], CallOutcome][] = [
    ['the callee hangs up', [{ type: 'dial' }, ringing, answered, bye], { kind: 'completed', by: 'user' }],
    [
      'the assistant ends it',
      [{ type: 'dial' }, answered, { type: 'conversation.ended', end: { kind: 'assistantEnded' } }, bye],
      { kind: 'completed', by: 'assistant' },
    ],
    ['busy', [{ type: 'dial' }, refused(486)], { kind: 'unanswered', reason: 'busy', sipStatus: 486 }],
    ['declined', [{ type: 'dial' }, ringing, refused(603)], { kind: 'unanswered', reason: 'declined', sipStatus: 603 }],
    [
      'nobody answers in time',
      [{ type: 'dial' }, ringing, { type: 'timer.fired', timer: 'ring' }, refused(487)],
      { kind: 'unanswered', reason: 'noAnswer' },
    ],
    [
      'an announcement says that the phone is off, and the network ends the call',
      [{ type: 'dial' }, ringing, announced('powerOff'), refused(480)],
      { kind: 'unanswered', reason: 'powerOff', sipStatus: 480 },
    ],
    [
      'an announcement says that the number does not exist, and the network goes on playing',
      [{ type: 'dial' }, ringing, announced('numberNotExist'), { type: 'timer.fired', timer: 'early' }, refused(487)],
      { kind: 'unanswered', reason: 'numberNotExist' },
    ],
    [
      'a busy tone before a vague status',
      [{ type: 'dial' }, ringing, sounded('busy'), refused(503)],
      { kind: 'unanswered', reason: 'busy', sipStatus: 503 },
    ],
    [
      'a busy tone before a clear status',
      [{ type: 'dial' }, ringing, sounded('busy'), refused(404)],
      { kind: 'unanswered', reason: 'numberNotExist', sipStatus: 404 },
    ],
    [
      'a tone after the words of an announcement',
      [{ type: 'dial' }, ringing, announced('outOfCredit'), sounded('busy'), refused(480)],
      { kind: 'unanswered', reason: 'outOfCredit', sipStatus: 480 },
    ],
    [
      'an announcement, and then a person',
      [{ type: 'dial' }, ringing, announced('busy'), answered, { type: 'timer.fired', timer: 'early' }, bye],
      { kind: 'completed', by: 'user' },
    ],
    [
      'a machine answers',
      [{ type: 'dial' }, ringing, answered, { type: 'machine.answered' }, bye],
      { kind: 'unanswered', reason: 'voicemail' },
    ],
    [
      'the gateway is not there',
      [{ type: 'dial' }, { type: 'leg', event: { type: 'failed', cause: 'timeout', detail: '' } }],
      { kind: 'unanswered', reason: 'carrierFault' },
    ],
    [
      'hung up while ringing',
      [{ type: 'dial' }, ringing, { type: 'hangup' }, refused(487)],
      { kind: 'cancelled', rang: true },
    ],
    [
      'hung up before it rang',
      [{ type: 'dial' }, { type: 'hangup' }, refused(487)],
      { kind: 'cancelled', rang: false },
    ],
    [
      'hung up while talking',
      [{ type: 'dial' }, answered, { type: 'hangup' }, bye],
      { kind: 'completed', by: 'operator' },
    ],
    [
      'the user says nothing',
      [{ type: 'dial' }, answered, { type: 'conversation.ended', end: { kind: 'silenceLimit' } }, bye],
      { kind: 'expired', limit: 'silence' },
    ],
    [
      'the call is too long',
      [{ type: 'dial' }, answered, { type: 'timer.fired', timer: 'duration' }, bye],
      { kind: 'expired', limit: 'duration' },
    ],
    [
      'the model is dead',
      [{ type: 'dial' }, answered, { type: 'conversation.ended', end: { kind: 'failed', code: 'LLM_TIMEOUT' } }, bye],
      { kind: 'failed', code: 'LLM_TIMEOUT' },
    ],
    [
      'no common codec',
      [{ type: 'dial' }, refused(488)],
      { kind: 'failed', code: 'MEDIA_NO_COMMON_CODEC', sipStatus: 488 },
    ],
    [
      'shut down while talking',
      [{ type: 'dial' }, answered, { type: 'shutdown' }, bye],
      { kind: 'failed', code: 'SHUTDOWN' },
    ],
  ]
  for (const [name, events, outcome] of table) {
    test(`${name}: ${JSON.stringify(outcome)}`, () => {
      const { call, commands } = run(events)
      expect(outcomes(commands)).toEqual([outcome])
      expect(call.phase).toBe('ended')
    })
  }
})

test('the first cause decides: a late answer after hang-up changes nothing and starts no talk', () => {
  const { commands } = run([{ type: 'dial' }, ringing, { type: 'hangup' }, answered, bye])
  expect(outcomes(commands)).toEqual([{ kind: 'cancelled', rang: true }])
  expect(commands.some((command) => command.type === 'talk.start')).toBe(false)
})

test('a leg that never confirms its end is given up when the teardown timer fires', () => {
  const { call, commands } = run([
    { type: 'dial' },
    answered,
    { type: 'hangup', atMs: 100 },
    { type: 'timer.fired', timer: 'teardown' },
  ])
  expect(commands).toContainEqual({ type: 'timer.set', timer: 'teardown', atMs: 100 + teardownMs })
  expect(call.phase).toBe('ended')
})

test('limits become timers at the instant they start to count', () => {
  const { commands } = run(
    [
      { type: 'dial', atMs: 10 },
      { ...answered, atMs: 50 },
    ],
    { ringMs: 30_000, callMs: 600_000 },
  )
  expect(commands).toContainEqual({ type: 'timer.set', timer: 'ring', atMs: 30_010 })
  expect(commands).toContainEqual({ type: 'timer.set', timer: 'duration', atMs: 600_050 })
  expect(commands).toContainEqual({ type: 'timer.clear', timer: 'ring' })
})

test('any storm of events ends with at most one outcome, and with exactly one once the leg is down', () => {
  const storm: Input[] = [
    { type: 'dial' },
    ringing,
    answered,
    bye,
    refused(486),
    refused(200),
    { type: 'hangup' },
    { type: 'shutdown' },
    { type: 'timer.fired', timer: 'ring' },
    { type: 'timer.fired', timer: 'duration' },
    { type: 'media.failed', code: 'MEDIA_BAD_SDP' },
    { type: 'conversation.ended', end: { kind: 'assistantEnded' } },
  ]
  for (let seed = 1; seed <= 5_000; seed += 1) {
    const random = new SeededRandom(seed)
    const events = Array.from({ length: random.between(1, 20) }, () => random.pick(storm))
    const { commands } = run([{ type: 'dial' }, ...events, bye])
    expect(outcomes(commands), `seed ${seed}`).toHaveLength(1)
    expect(commands.filter((command) => command.type === 'talk.start').length, `seed ${seed}`).toBeLessThanOrEqual(1)
  }
})

describe('an agent that shall go on with the talk', () => {
  const agent = { agentId: 9, name: 'repair desk', version: 2 }
  const agentFound: Input = { type: 'agent.found', agent }

  test('is written down and takes over; the call stays answered', () => {
    const { call, commands } = run([{ type: 'dial' }, answered, agentFound])
    expect(call.phase).toBe('answered')
    expect(commands.slice(-2)).toEqual([
      { type: 'journal', body: { type: 'agent.joined', ...agent } },
      { type: 'talk.handOver', agent },
    ])
  })

  test.each<[string, readonly Input[]]>([
    ['the call was hung up meanwhile', [{ type: 'hangup' }]],
    ['the peer is gone', [bye]],
  ])('is not heard of when %s', (_, events) => {
    const { commands } = run([{ type: 'dial' }, answered, ...events, agentFound])
    expect(commands.map(({ type }) => type)).not.toContain('talk.handOver')
  })
})
