import { silentLogger } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { UserAgent } from '../../src/embedded/agent/user-agent.ts'
import { rfcTimers } from '../../src/embedded/transaction/timer-values.ts'
import type { DeliverBytes } from '../../src/embedded/transport/transport.ts'

const head = [
  'INVITE sip:100@us.test SIP/2.0',
  'Via: SIP/2.0/UDP peer.test;branch=z9hG4bKworst;rport',
  'From: <sip:200@peer.test>;tag=1',
  'To: <sip:100@us.test>',
  'Call-ID: worst',
  'CSeq: 1 INVITE',
  'Contact: <sip:200@peer.test>',
]
const instead = (index: number, line: string) => head.map((old, at) => (at === index ? line : old))
const fill = (bytes: number, piece: string) => piece.repeat(Math.ceil(bytes / piece.length))

/** Messages of about so many bytes that a careless parser takes far longer for than for others. */
export const worstCases: Readonly<Record<string, (bytes: number) => readonly string[]>> = {
  'one long value': (bytes) => [...head, `Subject: ${fill(bytes, 'a')}`],
  'blanks in a Via': (bytes) => instead(1, `Via: SIP/2.0/UDP${fill(bytes, ' ')}peer.test${fill(100, ' ')}x`),
  'blanks and rport in a Via': (bytes) =>
    instead(1, `Via: SIP/2.0/UDP peer.test;branch=z9hG4bKworst${fill(bytes, ';\t rport \t')}`),
  'parameters of a Via': (bytes) => instead(1, `${head[1]}${fill(bytes, ';a=b')}`),
  'a list of Vias': (bytes) => instead(1, `${head[1]}${fill(bytes, ',SIP/2.0/UDP a')}`),
  'commas alone': (bytes) => [...head, `Route: ${fill(bytes, ',')}`],
  'folded lines': (bytes) => [...head, `Subject: x${fill(bytes, '\r\n a')}`],
  'escaped quotes': (bytes) => instead(2, `From: "${fill(bytes, '\\"')}" <sip:200@peer.test>;tag=1`),
  'quotes without an end': (bytes) => instead(2, `From: ${fill(bytes, '""" ')}`),
  'nested brackets': (bytes) => instead(2, `From: ${fill(bytes, '<')}sip:a@b${fill(bytes / 2, '>')};tag=1`),
  'colons of a Request-URI': (bytes) => instead(0, `INVITE sip:[${fill(bytes, ':')}] SIP/2.0`),
  'percent signs of a user': (bytes) => instead(0, `INVITE sip:${fill(bytes, '%41')}@us.test SIP/2.0`),
  'dots of a host': (bytes) => instead(0, `INVITE sip:a@${fill(bytes, 'a.')} SIP/2.0`),
  'versions after the Request-URI': (bytes) => instead(0, `INVITE sip:100@us.test${fill(bytes, ' SIP/2.0 \t')}x`),
  'digits of a CSeq': (bytes) => instead(5, `CSeq: ${fill(bytes, '0')}1 INVITE`),
  'short header lines': (bytes) => [...head, ...Array.from({ length: Math.ceil(bytes / 6) }, () => 'X: y')],
  'extensions required': (bytes) => [...head, `Require: ${fill(bytes, 'a,')}`],
  'types accepted': (bytes) => [...head, `Accept: ${fill(bytes, ' \t,a/b;')}`],
  'Record-Routes': (bytes) => [
    ...head,
    `Record-Route: ${fill(Math.min(bytes, 3_000), '<sip:a.test;lr>,')}<sip:${fill(bytes, 'a')}>`,
  ],
  'a session interval': (bytes) => [...head, `Session-Expires: 1800${fill(bytes, ' ;refresher')}`],
  'an asserted identity': (bytes) => [
    ...instead(2, 'From: <sip:anonymous@peer.test>;tag=1'),
    `P-Asserted-Identity: ${fill(bytes, '<sip:')}`,
  ],
}

/** One message of that kind. */
export const worstCase = (name: string, bytes: number): Buffer =>
  Buffer.from(`${(worstCases[name]?.(bytes) ?? []).join('\r\n')}\r\n\r\n`, 'latin1')

/**
 * Least time of `rounds` in ms that a fresh user agent takes for a message from a known source.
 * `nowMs`: a clock to measure by.
 */
export async function receiveMs(bytes: Buffer, rounds: number, nowMs: () => number): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round += 1) {
    let deliver: DeliverBytes = () => {}
    await UserAgent.open({
      owner: { knowsSource: () => true, isDraining: () => false, onInvite: (call) => call.ring() },
      clock: new VirtualClock(),
      random: new SeededRandom(1),
      logger: silentLogger,
      timers: rfcTimers,
      userAgent: 'worst',
      advertisedHost: 'us.test',
      openTransport: async (given) => {
        deliver = given
        return { portOf: () => 5060, send: () => {}, [Symbol.asyncDispose]: async () => {} }
      },
    })
    const fromMs = nowMs()
    deliver(bytes, { transport: 'udp', host: 'peer.test', port: 5060 })
    best = Math.min(best, nowMs() - fromMs)
  }
  return best
}
