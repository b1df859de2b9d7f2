import { expect, test } from 'vitest'
import { SourceFilter } from './source-filter.ts'

test('without ranges any source may send', () => {
  const filter = new SourceFilter(undefined)
  expect(filter.admits('192.0.2.1')).toBe(true)
  expect(filter.admits('2001:db8::1')).toBe(true)
})

test.each([
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['198.51.100.255', true],
  ['198.51.101.0', false],
  ['2001:db8:1::77', true],
  ['2001:db8:2::77', false],
])('%s is told apart by addresses and ranges, however often it is asked', (host, admitted) => {
  const filter = new SourceFilter(['192.0.2.7', '198.51.100.0/24', '2001:db8:1::/48'])
  expect([filter.admits(host), filter.admits('203.0.113.1'), filter.admits(host), filter.admits(host)]).toEqual([
    admitted,
    false,
    admitted,
    admitted,
  ])
})

test('an empty list admits nobody', () => {
  expect(new SourceFilter([]).admits('192.0.2.1')).toBe(false)
})

test.each(['example.com', '192.0.2.0/33', '192.0.2.0/', '192.0.2.0/8/8', '', '2001:db8::/129', '192.0.2.0/-1'])(
  'source %j is refused with its name',
  (source) => {
    expect(() => new SourceFilter([source])).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(`media source ${source} `) }),
    )
  },
)
