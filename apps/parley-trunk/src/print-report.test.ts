import { expect, test } from 'vitest'
import { sayOn } from './judge/finding.ts'
import { printReport } from './print-report.ts'

const ok = sayOn('options')('ok', 'answered', '200 OK.')

test('steps stand in columns, long sentences are folded and advice is marked', () => {
  const wrong = sayOn('connection')('wrong', 'x', `It ${'is '.repeat(40)}so.`, 'Mend it.')
  const printed = printReport({ trunk: 'a', gateways: [{ gateway: 'sip.test udp', findings: [ok, wrong] }], call: [] })
  const lines = printed.split('\n')
  expect(lines.slice(0, 3)).toEqual(['trunk a', '  gateway sip.test udp', '    ok    options       200 OK.'])
  expect(lines[3]).toMatch(/^ {4}WRONG connection {4}It is is/)
  expect(lines[4]).toMatch(/^ {24}is /)
  expect(lines.at(-2)).toBe(`${' '.repeat(24)}-> Mend it.`)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
})

test('the addresses of a gateway are told apart when it has several', () => {
  const at = (address: string) => ({ ...ok, address })
  const printed = (addresses: readonly string[]) =>
    printReport({ trunk: 'a', gateways: [{ gateway: 'g', findings: addresses.map(at) }], call: [] })
  expect(printed(['udp 192.0.2.1:5060', 'udp 192.0.2.2:5060'])).toContain('udp 192.0.2.2:5060: 200 OK.')
  expect(printed(['udp 192.0.2.1:5060'])).not.toContain('192.0.2.1')
})

test('nothing that others wrote steers a terminal', () => {
  const nasty = sayOn('connection')('wrong', 'x', 'certificate of CN=\u001b[2J\u009b0m\nok')
  expect(printReport({ trunk: 'a', gateways: [], call: [nasty] })).toContain('CN=?[2J?0m?ok\n')
})
