import { type SeededRandom, VirtualClock } from '@parley/testkit'
import { parseMessage } from '../../src/embedded/message/parse-message.ts'
import { writeMessage } from '../../src/embedded/message/write-message.ts'
import { FramingError, StreamFramer } from '../../src/embedded/transport/stream-framer.ts'
import { sdpOf } from '../support/signalling-pair.ts'
import { inviteTo, openPhone, VirtualNetwork } from '../support/virtual-network.ts'
import { MessageMutator } from './message-mutator.ts'
import { close } from './seed-messages.ts'

/**
 * What is accepted can be written and read again and is the same then.
 * @returns whether the parser accepted it
 * @throws Error when it does not hold; whatever the parser throws
 */
export function feedParser(bytes: Buffer): boolean {
  const result = parseMessage(bytes)
  if (!result.ok) return false
  const again = parseMessage(writeMessage(result.message))
  if (!again.ok) throw new Error(`written but not readable: ${again.reason}`)
  const fields = [...result.message.headers].filter(({ name }) => name !== 'content-length')
  const readAgain = [...again.message.headers].filter(({ name }) => name !== 'content-length')
  if (fields.length !== readAgain.length) throw new Error('header fields were lost or came to be')
  if (!again.message.body.equals(result.message.body)) throw new Error('the body changed')
  return true
}

/**
 * Cuts the bytes at random places.
 * @returns how many bytes the framer took
 * @throws Error when anything but a FramingError comes, or a frame is no piece of what was pushed
 */
export function feedFramer(bytes: Buffer, random: SeededRandom): number {
  const framer = new StreamFramer()
  let framed = 0
  for (let at = 0; at < bytes.length; ) {
    const next = Math.min(bytes.length, at + random.between(1, random.next() < 0.1 ? 8 : 1_500))
    try {
      for (const frame of framer.push(bytes.subarray(at, next))) {
        if (frame.kind === 'message') framed += frame.bytes.length
      }
    } catch (error) {
      if (error instanceof FramingError) return next
      throw error
    }
    at = next
  }
  if (framed > bytes.length) throw new Error('more was cut out than was pushed')
  return bytes.length
}

/**
 * Two user agents in a call that get `messages` damaged messages of their own call from each other's address.
 * @throws Error when a timer, call or dialog is left 5 minutes later; whatever the agents throw
 */
export async function fuzzCall(random: SeededRandom, messages: number): Promise<void> {
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  const faults: string[] = []
  const callee = await openPhone(
    network,
    clock,
    'callee.test',
    (call) => call.answer(sdpOf(5_000)),
    {},
    (fault) => faults.push(fault),
  )
  const caller = await openPhone(
    network,
    clock,
    'caller.test',
    () => {},
    {},
    (fault) => faults.push(fault),
  )
  const credentials = { username: 'u', password: 'p' }
  const call = caller.agent.invite(inviteTo('callee.test', { credentials }), () => {})
  await clock.advance(1_000)
  const mutator = new MessageMutator(random, [...new Set(network.sent.map(({ bytes }) => bytes))])
  // Nobody answers what the damaged messages cause.
  network.fate = () => []
  for (let count = 1; count <= messages; count += 1) {
    const [from, to] = random.next() < 0.5 ? ['callee.test', 'caller.test'] : ['caller.test', 'callee.test']
    network.inject(mutator.next(), from as string, to as string)
    if (count % 100 === 0) {
      await clock.advance(300)
      network.sent.length = 0
    }
  }
  call.hangup()
  for (const other of callee.calls) other.hangup()
  await clock.advance(300_000)
  await close(caller.agent, clock)
  await close(callee.agent, clock)
  if (faults.length > 0) throw new Error(`an agent had to give up on a message: ${faults[0]}`)
  const { live } = caller.agent.counters
  if (live + callee.agent.counters.live + clock.pendingTimers > 0) {
    throw new Error(`left behind: ${live}, ${callee.agent.counters.live} live, ${clock.pendingTimers} timers`)
  }
}
