import { readFileSync, writeFileSync } from 'node:fs'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { parseMessage } from '../src/embedded/message/parse-message.ts'
import { fromOf, tagOf, toOf, topVia } from '../src/embedded/message/sip-message.ts'
import { writeMessage } from '../src/embedded/message/write-message.ts'
import { rfc4475Cases } from './support/rfc4475-table.ts'
import { ipv6Message, rfc5118Cases } from './support/rfc5118-table.ts'
import { tortureMessage } from './support/torture-messages.ts'
import { torturePage } from './support/torture-page.ts'
import { openPhone, VirtualNetwork } from './support/virtual-network.ts'

const cases = [
  ...rfc4475Cases.map((entry) => ({ ...entry, title: `RFC 4475 ${entry.name}`, bytes: tortureMessage(entry.name) })),
  ...rfc5118Cases.map((entry) => ({ ...entry, title: `RFC 5118 ${entry.name}`, bytes: ipv6Message(entry.name) })),
]
const isRefused = (outcome: unknown) => outcome === 400 || outcome === 505

/** What a user agent sends back to a known source within 100 ms: too soon for any repetition. */
async function sentBackFor(bytes: Buffer): Promise<readonly Buffer[]> {
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  await openPhone(network, clock, 'us.test', (call) => call.ring())
  const sender = network.attach('peer.test', () => {})
  sender.send(bytes, { transport: 'udp', host: 'us.test', port: 5060 }, () => {})
  await clock.advance(100)
  const sent = network.sent.filter(({ from }) => from === 'us.test')
  expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(sent.length > 0 ? ['peer.test'] : []))
  return sent.map((packet) => packet.bytes)
}

const statusOf = (bytes: Buffer): number => Number(/^SIP\/2\.0 (\d{3}) /.exec(bytes.toString('latin1'))?.[1])

test('every message of the two RFCs is in the tables once', () => {
  expect(new Set(rfc4475Cases.map(({ name }) => name)).size).toBe(49)
  expect(rfc4475Cases).toHaveLength(49)
  expect(new Set(rfc5118Cases.map(({ section }) => section))).toEqual(
    new Set(Array.from({ length: 10 }, (_, index) => `4.${index + 1}`)),
  )
})

test.each(cases)('$title: out $outcome, as $section demands', async ({ bytes, outcome }) => {
  const statuses = (await sentBackFor(bytes)).map(statusOf).filter((status) => status !== 100)
  expect(statuses).toEqual(outcome === 'nothing' ? [] : [outcome])
})

test.each(cases.filter(({ outcome }) => isRefused(outcome)))(
  '$title: the refusal is not longer than the request and copies what it can',
  async ({ bytes }) => {
    const [response = Buffer.alloc(0)] = await sentBackFor(bytes)
    expect(response.length).toBeLessThanOrEqual(bytes.length)
    const value = (text: string, name: string) => new RegExp(`^${name}: *(.*)\\r$`, 'im').exec(text)?.[1]
    const [asked, answer] = [bytes.toString('latin1'), response.toString('latin1')]
    for (const name of ['Call-ID', 'From']) expect(value(answer, name)).toBe(value(asked, name))
  },
)

test.each(cases.filter(({ bytes }) => parseMessage(bytes).ok))('$title survives being written', ({ bytes }) => {
  const result = parseMessage(bytes)
  if (!result.ok) throw new Error(result.reason)
  const again = parseMessage(writeMessage(result.message))
  if (!again.ok) throw new Error(again.reason)
  expect(again.message.body.equals(result.message.body)).toBe(true)
  const withoutLength = [...again.message.headers].filter((field) => field.name !== 'content-length')
  expect(withoutLength).toEqual([...result.message.headers].filter((field) => field.name !== 'content-length'))
})

test('what is refused is exactly what the parser refuses, but for discarded responses', () => {
  for (const { title, bytes, outcome } of cases) {
    const isResponse = bytes.toString('latin1').startsWith('SIP/2.0')
    if (!isResponse) expect(parseMessage(bytes).ok, title).toBe(!isRefused(outcome))
  }
  expect(parseMessage(tortureMessage('bigcode'))).toMatchObject({ ok: false })
  expect(parseMessage(tortureMessage('scalarlg'))).toMatchObject({ ok: false })
})

test.each([
  ['bext01', 'Unsupported: nothingSupportsThis, nothingSupportsThisEither'],
  ['invut', 'Accept: application/sdp'],
  ['sdp01', 'Accept: application/sdp'],
  ['intmeth', 'Allow: INVITE, ACK'],
])('the refusal of %s says what would be taken: %s', async (name, header) => {
  const [response] = await sentBackFor(tortureMessage(name))
  expect(response?.toString('latin1')).toContain(`\r\n${header}`)
})

test('a display name with separators is repaired', () => {
  const result = parseMessage(tortureMessage('baddn'))
  expect(result.ok && tagOf(fromOf(result.message))).toBe('43')
})

test('folded and compact fields of wsinv mean what they say', () => {
  const result = parseMessage(tortureMessage('wsinv'))
  if (!result.ok) throw new Error(result.reason)
  const { message } = result
  expect(topVia(message)).toMatchObject({ transport: 'UDP', host: '192.0.2.2', branch: '390skdjuw' })
  expect(message.headers.all('via')).toHaveLength(3)
  expect(tagOf(toOf(message))).toBe('1918181833n')
  expect(tagOf(fromOf(message))).toBe('98asjd8')
  expect(message.headers.get('contact')).toContain('"Quoted string \\"\\""')
  expect(message.body).toHaveLength(150)
})

test('docs/sip-torture.md says what these tables say (UPDATE_DOCS=1 rewrites it)', () => {
  const page = new URL('../../../docs/sip-torture.md', import.meta.url)
  if (process.env.UPDATE_DOCS === '1') writeFileSync(page, torturePage())
  expect(readFileSync(page, 'utf8')).toBe(torturePage())
})
