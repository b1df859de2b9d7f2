import type { CallOutcome, SkillGroup } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { describe, expect, test } from 'vitest'
import { sampleGroup as group } from '../test/sample-group.ts'
import { type CallCommand, type CallMachine, type CallMachineEvent, newCall, stepCall } from './call.ts'
import { briefingMs, joiningMs, referMarginMs, replacingMs } from './transfer.ts'

const referring: SkillGroup = { ...group, mode: 'refer' }
const attended: SkillGroup = { ...group, mode: 'attended' }

type Input = CallMachineEvent extends infer E
  ? E extends { atMs: number }
    ? Omit<E, 'atMs'> & { atMs?: number }
    : never
  : never
type HumanEvent = Extract<CallMachineEvent, { type: 'human.leg' }>['event']

const dial: Input = { type: 'dial' }
const answered: Input = { type: 'leg', event: { type: 'answered', sdp: 'v=0' } }
const bye: Input = { type: 'leg', event: { type: 'bye' } }
const ask = (of: SkillGroup = group, trunk = 'carrier'): Input => ({
  type: 'transfer.request',
  group: of,
  by: 'assistant',
  trunk,
})
const human = (attempt: number, event: HumanEvent): Input => ({ type: 'human.leg', attempt, event })
const picksUp = (attempt: number) => human(attempt, { type: 'answered', sdp: `sdp ${attempt}` })
const refuses = (attempt: number, status = 486) => human(attempt, { type: 'rejected', status, reason: '' })
const leaves = (attempt: number) => human(attempt, { type: 'bye' })
const briefed = (attempt: number): Input => ({ type: 'human.briefed', attempt })
const joined = (attempt: number): Input => ({ type: 'human.joined', attempt })
const lost = (attempt: number): Input => ({ type: 'human.lost', attempt })
const noLine = (attempt: number): Input => ({ type: 'human.noLine', attempt })
const told = (status: number): Input => ({ type: 'leg', event: { type: 'transfer', status } })
const timeout: Input = { type: 'timer.fired', timer: 'human' }

function run(events: readonly Input[]): { call: CallMachine; commands: readonly CallCommand[] } {
  let call = newCall({})
  const commands: CallCommand[] = []
  for (const event of events) {
    const [next, more] = stepCall(call, { atMs: 0, ...event } as CallMachineEvent)
    call = next
    commands.push(...more)
  }
  return { call, commands }
}

/** What happened, in words; timers and journal entries of the talk are left out. */
function story(events: readonly Input[]): readonly string[] {
  return run([dial, answered, ...events]).commands.flatMap((command) => {
    switch (command.type) {
      case 'journal': {
        const { body } = command
        if (!body.type.startsWith('transfer.')) return []
        const attempt = 'attempt' in body ? ` ${body.attempt}` : ''
        return [`${body.type}${attempt}${'failure' in body ? ` ${body.failure}` : ''}`]
      }
      case 'human.dial':
        return [`dial ${command.target.callee}`]
      case 'human.brief':
      case 'human.join':
      case 'human.refer':
      case 'human.hangup':
        return [`${command.type.slice('human.'.length)} ${command.attempt}`]
      case 'leg.refer':
        return [`refer ${command.uri}`]
      case 'talk.pause':
      case 'talk.resume':
      case 'leg.hangup':
        return [command.type]
      case 'finish':
        return [JSON.stringify(command.outcome)]
      default:
        return []
    }
  })
}

const begun = ['talk.pause', 'transfer.started 0', 'dial one']
const second = ['transfer.started 1', 'dial two']
const through = ['transfer.answered 0', 'brief 0', 'join 0', 'transfer.joined 0']
const toJoined = [ask(), picksUp(0), briefed(0), joined(0)]
const end = (outcome: CallOutcome) => JSON.stringify(outcome)
const byHuman = end({ kind: 'transferred', by: 'human' })
const byUser = end({ kind: 'transferred', by: 'user' })
const hungUp = end({ kind: 'completed', by: 'user' })

describe('a bridged transfer', () => {
  const table: [string, Input[], string[]][] = [
    [
      'the human answers, is told, is joined and hangs up',
      [ask(), human(0, { type: 'ringing', status: 180 }), picksUp(0), briefed(0), joined(0), leaves(0), bye],
      [...begun, 'transfer.ringing 0', ...through, 'hangup 0', 'transfer.ended 0', 'leg.hangup', byHuman],
    ],
    [
      'the caller hangs up after both were joined',
      [...toJoined, bye],
      [...begun, ...through, 'hangup 0', 'transfer.ended 0', byUser],
    ],
    [
      'the first is busy, the second answers',
      [ask(), refuses(0), picksUp(1)],
      [...begun, 'transfer.failed 0 busy', ...second, 'transfer.answered 1', 'brief 1'],
    ],
    [
      'nobody takes it: the assistant goes on',
      [ask(), refuses(0), refuses(1, 603)],
      [...begun, 'transfer.failed 0 busy', ...second, 'transfer.failed 1 rejected', 'talk.resume'],
    ],
    [
      'the first does not answer in time and is hung up',
      [ask(), timeout],
      [...begun, 'hangup 0', 'transfer.failed 0 noAnswer', ...second],
    ],
    [
      'an answer that crosses the hang-up changes nothing',
      [ask(), timeout, picksUp(0), briefed(0), joined(0), leaves(0)],
      [...begun, 'hangup 0', 'transfer.failed 0 noAnswer', ...second],
    ],
    [
      'the human leaves during the summary',
      [ask(), picksUp(0), leaves(0)],
      [...begun, 'transfer.answered 0', 'brief 0', 'transfer.failed 0 left', ...second],
    ],
    [
      'a summary that takes too long is cut short',
      [ask(), picksUp(0), timeout, briefed(0), joined(0)],
      [...begun, ...through],
    ],
    [
      'there are no media for the human',
      [ask(), lost(0)],
      [...begun, 'hangup 0', 'transfer.failed 0 unreachable', ...second],
    ],
    [
      'no line is free for anybody: the assistant goes on',
      [ask(), noLine(0), noLine(1)],
      [...begun, 'transfer.failed 0 noLine', ...second, 'transfer.failed 1 noLine', 'talk.resume'],
    ],
    [
      'both cannot be joined',
      [ask(), picksUp(0), briefed(0), lost(0)],
      [...begun, 'transfer.answered 0', 'brief 0', 'join 0', 'hangup 0', 'transfer.failed 0 unreachable', ...second],
    ],
    [
      'the human is not heard any more after both were joined',
      [...toJoined, lost(0), bye],
      [...begun, ...through, 'hangup 0', 'transfer.ended 0', 'leg.hangup', byHuman],
    ],
    ['the caller hangs up while it rings', [ask(), bye], [...begun, 'hangup 0', 'transfer.failed 0 withdrawn', hungUp]],
    [
      'the caller hangs up during the summary',
      [ask(), picksUp(0), bye],
      [...begun, 'transfer.answered 0', 'brief 0', 'hangup 0', 'transfer.failed 0 withdrawn', hungUp],
    ],
    [
      'the call is ended by the API while it rings',
      [ask(), { type: 'hangup' }, bye],
      [...begun, 'hangup 0', 'transfer.failed 0 withdrawn', 'leg.hangup', end({ kind: 'completed', by: 'operator' })],
    ],
    [
      'the engine stops after both were joined',
      [...toJoined, { type: 'shutdown' }, bye],
      [...begun, ...through, 'hangup 0', 'transfer.ended 0', 'leg.hangup', end({ kind: 'failed', code: 'SHUTDOWN' })],
    ],
    [
      'the longest duration counts on',
      [...toJoined, { type: 'timer.fired', timer: 'duration' }, bye],
      [...begun, ...through, 'hangup 0', 'transfer.ended 0', 'leg.hangup', end({ kind: 'expired', limit: 'duration' })],
    ],
    [
      'a group without anybody is a transfer that failed',
      [ask({ ...group, targets: [] })],
      ['talk.pause', 'talk.resume'],
    ],
    ['asked for twice, it is done once', [ask(), ask()], begun],
    [
      'the talk that was paused has no say any more',
      [ask(), { type: 'conversation.ended', end: { kind: 'silenceLimit' } }],
      begun,
    ],
    [
      'a second transfer of a call goes on counting',
      [ask(), refuses(0), refuses(1), ask(), refuses(1), refuses(2)],
      [
        ...begun,
        'transfer.failed 0 busy',
        ...second,
        'transfer.failed 1 busy',
        'talk.resume',
        'talk.pause',
        'transfer.started 2',
        'dial one',
        'transfer.failed 2 busy',
        'transfer.started 3',
        'dial two',
      ],
    ],
  ]
  test.each(table)('%s', (_name, events, told) => {
    expect(story(events)).toEqual(told)
  })

  test('before the call is answered nobody can be asked for', () => {
    expect(run([dial, ask()]).call.phase).toBe('dialing')
  })

  test('each stage has its time', () => {
    const timers = run([
      dial,
      answered,
      { ...ask(), atMs: 100 },
      { ...picksUp(0), atMs: 5_000 },
      briefed(0),
      joined(0),
    ]).commands.flatMap((command) => ('timer' in command && command.timer === 'human' ? [command] : []))
    expect(timers).toEqual([
      { type: 'timer.set', timer: 'human', atMs: 20_100 },
      { type: 'timer.set', timer: 'human', atMs: 5_000 + briefingMs },
      { type: 'timer.set', timer: 'human', atMs: joiningMs },
      { type: 'timer.clear', timer: 'human' },
    ])
  })
})

describe('a transfer by REFER', () => {
  const started = ['talk.pause', 'transfer.started 0', 'refer sip:one@carrier']
  const next = ['transfer.started 1', 'refer sip:two@carrier']
  const table: [string, Input[], string[]][] = [
    [
      'the peer reaches the target: our leg ends',
      [ask(referring), told(100), told(180), told(200), bye],
      [
        ...started,
        'transfer.ringing 0',
        'transfer.answered 0',
        'transfer.ended 0',
        'leg.hangup',
        end({ kind: 'transferred' }),
      ],
    ],
    [
      'the peer refuses, for each target: the assistant goes on',
      [ask(referring), told(603), told(486)],
      [...started, 'transfer.failed 0 refused', ...next, 'transfer.failed 1 busy', 'talk.resume'],
    ],
    ['the peer tells nothing', [ask(referring), timeout], [...started, 'transfer.failed 0 noAnswer', ...next]],
    ['the caller hangs up', [ask(referring), told(100), bye], [...started, 'transfer.failed 0 withdrawn', hungUp]],
  ]
  test.each(table)('%s', (_name, events, told) => {
    expect(story(events)).toEqual(told)
  })

  test('has the time of the ringing and of the signalling', () => {
    const { commands } = run([dial, answered, ask(referring)])
    expect(commands).toContainEqual({ type: 'timer.set', timer: 'human', atMs: group.ringMs + referMarginMs })
  })
})

describe('an attended transfer', () => {
  const asked = [...begun, 'transfer.answered 0', 'brief 0', 'refer 0']
  const toAsked = [ask(attended), picksUp(0), briefed(0)]
  const moved = ['transfer.joined 0', 'transfer.ended 0']
  const table: [string, Input[], string[]][] = [
    [
      'the peer takes our place: both legs of ours end',
      [...toAsked, told(100), told(200), bye],
      [...asked, ...moved, 'hangup 0', 'leg.hangup', end({ kind: 'transferred' })],
    ],
    [
      "the human's phone ends our leg before the peer tells",
      [...toAsked, leaves(0), told(200), bye],
      [...asked, ...moved, 'hangup 0', 'leg.hangup', end({ kind: 'transferred' })],
    ],
    [
      "the human's phone ends our leg and the peer hangs up without telling",
      [...toAsked, leaves(0), bye],
      [...asked, 'hangup 0', 'transfer.ended 0', end({ kind: 'transferred' })],
    ],
    [
      'the peer refuses: we join both ourselves',
      [...toAsked, told(405), joined(0), leaves(0), bye],
      [...asked, 'join 0', 'transfer.joined 0', 'hangup 0', 'transfer.ended 0', 'leg.hangup', byHuman],
    ],
    ['the peer tells nothing: we join both ourselves', [...toAsked, timeout], [...asked, 'join 0']],
    [
      'the human leaves and the peer could not take our place: the next is tried',
      [...toAsked, leaves(0), told(481)],
      [...asked, 'transfer.failed 0 left', ...second],
    ],
    [
      'the human leaves and nothing follows: the next is tried',
      [...toAsked, leaves(0), timeout],
      [...asked, 'transfer.failed 0 left', ...second],
    ],
    [
      'the caller hangs up while the peer is asked',
      [...toAsked, bye],
      [...asked, 'hangup 0', 'transfer.failed 0 withdrawn', hungUp],
    ],
    [
      'a caller on another trunk than the human is joined by us',
      [ask(attended, 'other'), picksUp(0), briefed(0)],
      [...begun, 'transfer.answered 0', 'brief 0', 'join 0'],
    ],
  ]
  test.each(table)('%s', (_name, events, told) => {
    expect(story(events)).toEqual(told)
  })

  test('gives the peer its time', () => {
    const { commands } = run([dial, answered, ...toAsked])
    expect(commands).toContainEqual({ type: 'timer.set', timer: 'human', atMs: replacingMs })
  })
})

test('no storm of events leaves a human, a prompt or a timer behind', () => {
  const storm: Input[] = [
    ask(),
    ask(referring),
    ask(attended),
    ...[0, 1, 2].flatMap((n) => [picksUp(n), refuses(n), leaves(n), briefed(n), joined(n), lost(n)]),
    timeout,
    told(180),
    told(200),
    told(500),
    { type: 'conversation.ended', end: { kind: 'assistantEnded' } },
    { type: 'media.failed', code: 'MEDIA_RTP_TIMEOUT' },
    { type: 'timer.fired', timer: 'duration' },
    { type: 'hangup' },
  ]
  for (let seed = 1; seed <= 5_000; seed += 1) {
    const random = new SeededRandom(seed)
    const events = Array.from({ length: random.between(1, 30) }, () => random.pick(storm))
    const { commands } = run([dial, answered, ...events, bye])
    const of = (type: CallCommand['type']) => commands.filter((command) => command.type === type)
    expect(of('finish'), `seed ${seed}`).toHaveLength(1)
    const gone = new Set<number>()
    let armed = false
    for (const command of commands) {
      if (command.type === 'human.hangup') gone.add(command.attempt)
      if (command.type === 'journal' && command.body.type === 'transfer.failed') gone.add(command.body.attempt)
      if ('timer' in command && command.timer === 'human') armed = command.type === 'timer.set'
    }
    for (const command of of('human.dial')) {
      expect(gone.has((command as { attempt: number }).attempt), `seed ${seed}`).toBe(true)
    }
    expect(armed, `seed ${seed}`).toBe(false)
    expect(of('talk.resume').length, `seed ${seed}`).toBeLessThanOrEqual(of('talk.pause').length)
  }
})
