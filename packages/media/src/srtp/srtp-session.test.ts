import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { RtpPacket, SrtcpSession as WeriftSrtcp, SrtpSession as WeriftSrtp } from 'werift-rtp'
import { writeRtpHeader, writeUint32 } from '../rtp/rtp-packet.ts'
import { deriveSessionKeys } from './key-derivation.ts'
import { PacketTag } from './packet-tag.ts'
import { type SrtpKeys, srtpSuites } from './srtp-keys.ts'
import { SrtpReceiver } from './srtp-receiver.ts'
import { SrtpSender } from './srtp-sender.ts'
import { SrtpSession } from './srtp-session.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
/** Master key and salt, and a packet of each kind in plain and protected, as libsrtp's own test has them. */
const master = hex('e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6')
const plainRtp = hex(`800f1234decafbadcafebabe${'ab'.repeat(16)}`)
const secureRtp = hex('800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb')
const plainRtcp = hex(`81c8000bcafebabe${'ab'.repeat(16)}`)
const secureRtcp = hex('81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798')

const suite80 = 'AES_CM_128_HMAC_SHA1_80'

function keysOf(ours: number, theirs: number, more: Partial<SrtpKeys> = {}): SrtpKeys {
  return {
    suite: suite80,
    ours: new SeededRandom(ours).bytes(30),
    theirs: new SeededRandom(theirs).bytes(30),
    theirMkiBytes: 0,
    ...more,
  }
}

/** A packet with room for its trailer. */
function roomy(packet: Uint8Array): Uint8Array {
  const room = new Uint8Array(packet.length + 14)
  room.set(packet)
  return room
}

function rtp(sequence: number, ssrc = 0x5150): Uint8Array {
  const packet = new Uint8Array(172).fill(sequence & 0x7f, 12)
  writeRtpHeader(packet, false, 8, sequence & 0xffff, (sequence * 160) >>> 0, ssrc)
  return packet
}

function protect(sender: SrtpSender | SrtpSession, packet: Uint8Array): Uint8Array {
  const room = roomy(packet)
  return room.slice(0, sender.protectRtp(room, packet.length))
}

test('packets are protected and opened as libsrtp does it', () => {
  expect(protect(new SrtpSender(suite80, master), plainRtp)).toEqual(secureRtp)
  const receiver = new SrtpReceiver(suite80, master, 0)
  const opened = secureRtp.slice()
  expect(receiver.unprotectRtp(opened)).toBe(plainRtp.length)
  expect(opened.subarray(0, plainRtp.length)).toEqual(plainRtp)
  const report = secureRtcp.slice()
  expect(receiver.unprotectRtcp(report)).toBe(plainRtcp.length)
  expect(report.subarray(0, plainRtcp.length)).toEqual(plainRtcp)
  const sender = new SrtpSender(suite80, master)
  const room = roomy(plainRtcp)
  sender.protectRtcp(room, plainRtcp.length)
  room.set(plainRtcp)
  expect(sender.protectRtcp(room, plainRtcp.length)).toBe(secureRtcp.length)
  expect(room).toEqual(secureRtcp)
})

test('werift opens what is protected here, and the reverse, over a rollover of the sequence', () => {
  const [ours, theirs] = [new SeededRandom(1).bytes(30), new SeededRandom(2).bytes(30)]
  const config = {
    profile: 1 as const,
    keys: {
      localMasterKey: Buffer.from(theirs.subarray(0, 16)),
      localMasterSalt: Buffer.from(theirs.subarray(16)),
      remoteMasterKey: Buffer.from(ours.subarray(0, 16)),
      remoteMasterSalt: Buffer.from(ours.subarray(16)),
    },
  }
  const [far, farRtcp] = [new WeriftSrtp(config), new WeriftSrtcp(config)]
  const near = new SrtpSession({ suite: suite80, ours, theirs, theirMkiBytes: 0 })
  for (let sequence = 65_500; sequence < 65_600; sequence += 1) {
    const plain = rtp(sequence)
    expect(Uint8Array.from(far.decrypt(Buffer.from(protect(near, plain))))).toEqual(plain)
    const packet = RtpPacket.deSerialize(Buffer.from(plain))
    const secure = Uint8Array.from(far.encrypt(packet.payload, packet.header))
    expect(near.unprotectRtp(secure), `${sequence}`).toBe(plain.length)
    expect(secure.subarray(0, plain.length)).toEqual(plain)
    const room = roomy(plainRtcp)
    const length = near.protectRtcp(room, plainRtcp.length)
    expect(Uint8Array.from(farRtcp.decrypt(Buffer.from(room.subarray(0, length))))).toEqual(plainRtcp)
    const report = Uint8Array.from(farRtcp.encrypt(Buffer.from(plainRtcp)))
    expect(near.unprotectRtcp(report)).toBe(plainRtcp.length)
    expect(report.subarray(0, plainRtcp.length)).toEqual(plainRtcp)
  }
})

test.each(srtpSuites)('%s: any flipped bit makes a packet false, and leaves it as it was', (suite) => {
  const sender = new SrtpSender(suite, master)
  const receiver = new SrtpReceiver(suite, master, 0)
  const secure = protect(sender, rtp(7))
  expect(secure.length).toBe(172 + (suite === suite80 ? 10 : 4))
  const random = new SeededRandom(3)
  for (let round = 0; round < 500; round += 1) {
    const forged = secure.slice()
    const at = random.between(1, forged.length - 1)
    forged[at] = (forged[at] as number) ^ (1 << random.between(0, 7))
    const before = forged.slice()
    expect(receiver.unprotectRtp(forged)).toBe(-1)
    expect(forged).toEqual(before)
  }
  expect(receiver.unprotectRtp(secure)).toBe(172)
})

test('a packet that comes twice is taken once, before and after a rollover', () => {
  const [near, far] = [new SrtpSession(keysOf(1, 2)), new SrtpSession(keysOf(2, 1))]
  const sent = Array.from({ length: 60 }, (_, i) => protect(near, rtp(65_510 + i)))
  const reordered = [...sent.slice(0, 20), sent[25], sent[24], ...sent.slice(20, 24), ...sent.slice(26)]
  for (const packet of reordered) expect(far.unprotectRtp((packet as Uint8Array).slice())).toBe(172)
  for (const packet of sent) expect(far.unprotectRtp(packet.slice())).toBe(-1)
})

test('each SSRC has counters of its own, and a forged one makes none', () => {
  const sender = new SrtpSender(suite80, master)
  const receiver = new SrtpReceiver(suite80, master, 0)
  for (let i = 0; i < 4; i += 1) expect(receiver.unprotectRtp(protect(sender, rtp(65_534 + i, 1)))).toBe(172)
  for (let i = 0; i < 100; i += 1) expect(receiver.unprotectRtp(roomy(rtp(i, 900 + i)))).toBe(-1)
  expect(receiver.unprotectRtp(protect(sender, rtp(20, 2)))).toBe(172)
  const again = new SrtpSender(suite80, master)
  for (let i = 0; i < 6; i += 1) {
    expect(receiver.unprotectRtp(protect(again, rtp(65_534 + i, 1)))).toBe(i < 4 ? -1 : 172)
  }
})

test('header extension and contributing sources stay readable', () => {
  const sender = new SrtpSender(suite80, master)
  const packet = new Uint8Array(12 + 4 + 8 + 20).fill(0x77)
  writeRtpHeader(packet, false, 8, 1, 160, 9)
  packet[0] = 0x91
  packet.set([0xbe, 0xde, 0, 1, 1, 2, 3, 4], 16)
  const secure = protect(sender, packet)
  expect(secure.subarray(0, 24)).toEqual(packet.subarray(0, 24))
  expect(secure.subarray(24, 44)).not.toEqual(packet.subarray(24))
  expect(new SrtpReceiver(suite80, master, 0).unprotectRtp(secure)).toBe(44)
  expect(secure.subarray(0, 44)).toEqual(packet)
})

test('a key identifier before the tag is passed over', () => {
  const secure = protect(new SrtpSender(suite80, master), rtp(1))
  const marked = Uint8Array.from([...secure.subarray(0, 172), 0, 0, 0, 1, ...secure.subarray(172)])
  expect(new SrtpReceiver(suite80, master, 4).unprotectRtp(marked)).toBe(172)
})

test('a report that is signed and not encrypted is taken as it is', () => {
  const secure = roomy(plainRtcp)
  // The tag of the same bytes with the E flag off.
  const { rtcp } = deriveSessionKeys(master)
  writeUint32(secure, plainRtcp.length, 5)
  new PacketTag(rtcp.authKey).write(secure, plainRtcp.length, 5, plainRtcp.length + 4, 10)
  const receiver = new SrtpReceiver(suite80, master, 0)
  expect(receiver.unprotectRtcp(secure)).toBe(plainRtcp.length)
  expect(secure.subarray(0, plainRtcp.length)).toEqual(plainRtcp)
  expect(receiver.unprotectRtcp(secure)).toBe(-1)
})

test('a new key of the peer is taken at once, the old one until the first packet under the new', () => {
  const near = new SrtpSession(keysOf(1, 2))
  const before = new SrtpSession(keysOf(2, 1))
  expect(near.unprotectRtp(protect(before, rtp(1)))).toBe(172)
  near.rekey(keysOf(1, 3))
  expect(near.unprotectRtp(protect(before, rtp(2)))).toBe(172)
  const after = new SrtpSession(keysOf(3, 1))
  expect(near.unprotectRtp(protect(after, rtp(3)))).toBe(172)
  expect(near.unprotectRtp(protect(before, rtp(4)))).toBe(-1)
})

test('the same keys again keep counters and replay windows', () => {
  const [near, far] = [new SrtpSession(keysOf(1, 2)), new SrtpSession(keysOf(2, 1))]
  const sent = [65_534, 65_535, 65_536, 65_537].map((sequence) => protect(near, rtp(sequence)))
  for (const packet of sent) expect(far.unprotectRtp(packet.slice())).toBe(172)
  near.rekey(keysOf(1, 2))
  far.rekey(keysOf(2, 1))
  expect(far.unprotectRtp((sent[3] as Uint8Array).slice())).toBe(-1)
  expect(far.unprotectRtp(protect(near, rtp(65_538)))).toBe(172)
})

test('no datagram, however short or long, does more than being refused', () => {
  const random = new SeededRandom(4)
  const session = new SrtpSession(keysOf(1, 2))
  for (let round = 0; round < 3000; round += 1) {
    const datagram = random.bytes(round % 10 === 0 ? random.between(1400, 2000) : random.between(1, 60))
    if (round % 2 === 0) datagram[0] = 0x80
    expect(session.unprotectRtp(datagram)).toBe(-1)
    expect(session.unprotectRtcp(datagram)).toBe(-1)
  }
  expect(session.unprotectRtp(new Uint8Array(0))).toBe(-1)
})
