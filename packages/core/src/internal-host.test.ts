import { expect, test } from 'vitest'
import { isInternalHost } from './internal-host.ts'

test.each(
  '127.0.0.1 10.1.2.3 172.31.255.1 192.168.0.9 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.0.8 198.18.0.1 ::1 :: ::127.0.0.1 fd00::1 fdff:1:2:3:4:5:6:7 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ::ffff:10.0.0.1 ::ffff:a00:1 0:0:0:0:0:ffff:7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:a00:1:: [::1] [fd00::1] ::ffff:1.2.3 1::2::3 12345::1 127.1 2130706433 0x7f000001 1.0x7f 0177.0.0.1 localhost LOCALHOST. pbx a.localhost metadata.google.internal printer.local nas.lan x.home.arpa'.split(
    ' ',
  ),
)('%s is internal', (host) => {
  expect(isInternalHost(host)).toBe(true)
})

test.each(
  '8.8.8.8 172.32.0.1 192.169.0.1 100.128.0.1 223.255.255.255 2001:db8::1 2001:4860:4860:0:0:0:0:8888 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1 [2001:4860::1] sip.carrier.com 1und1.de local.carrier.com example.com.'.split(
    ' ',
  ),
)('%s is not', (host) => {
  expect(isInternalHost(host)).toBe(false)
})
