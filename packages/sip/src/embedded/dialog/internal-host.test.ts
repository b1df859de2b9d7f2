import { expect, test } from 'vitest'
import { isInternalHost } from './internal-host.ts'

test.each(
  '127.0.0.1 10.1.2.3 172.31.255.1 192.168.0.9 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 ::1 :: fd00::1 fe80::1 ::ffff:10.0.0.1 127.1 2130706433 0x7f000001 1.0x7f localhost pbx a.localhost metadata.google.internal printer.local'.split(
    ' ',
  ),
)('%s is internal', (host) => {
  expect(isInternalHost(host)).toBe(true)
})

test.each(
  '8.8.8.8 172.32.0.1 192.169.0.1 100.128.0.1 2001:db8::1 ::ffff:8.8.8.8 sip.carrier.com 1und1.de local.carrier.com'.split(
    ' ',
  ),
)('%s is not', (host) => {
  expect(isInternalHost(host)).toBe(false)
})
