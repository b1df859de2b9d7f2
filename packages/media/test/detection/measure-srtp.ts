import { cpuUsage } from 'node:process'
import { writeRtpHeader } from '../../src/rtp/rtp-packet.ts'
import { SrtpSession } from '../../src/srtp/srtp-session.ts'

/** CPU time of SRTP for each packet of 160 bytes, in us: run by hand, quoted in docs/media-edge.md. */
const packets = 200_000
const [one, other] = [new Uint8Array(30).fill(1), new Uint8Array(30).fill(2)]
const suite = 'AES_CM_128_HMAC_SHA1_80'
const near = new SrtpSession({ suite, ours: one, theirs: other, theirMkiBytes: 0 })
const far = new SrtpSession({ suite, ours: other, theirs: one, theirMkiBytes: 0 })
const secured: Uint8Array[] = []

function measured(work: (i: number) => void): string {
  const before = cpuUsage()
  for (let i = 0; i < packets; i += 1) work(i)
  const { user, system } = cpuUsage(before)
  return ((user + system) / packets).toFixed(2)
}

for (let i = 0; i < packets; i += 1) {
  const packet = new Uint8Array(186)
  writeRtpHeader(packet, false, 8, i & 0xffff, (i * 160) >>> 0, 7)
  secured.push(packet)
}
const protectUs = measured((i) => near.protectRtp(secured[i] as Uint8Array, 172))
const opened = secured.map((packet) => packet.subarray(0, 182))
const unprotectUs = measured((i) => {
  if (far.unprotectRtp(opened[i] as Uint8Array) !== 172) throw new Error('not genuine')
})
console.log(`protect ${protectUs} us, unprotect ${unprotectUs} us`)
