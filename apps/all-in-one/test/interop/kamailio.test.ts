import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testApplication } from '../engine-process.ts'
import { type Baresip, holdAndResume, startBaresip } from './baresip.ts'
import { canInterop, expectTalk, heardFor, incomingCall } from './interop-call.ts'
import { type InteropHouse, startInteropHouse } from './interop-house.ts'
import { realm, startKamailio } from './kamailio.ts'
import type { PeerProcess } from './peer-process.ts'

const transports = ['udp', 'tcp'] as const
type Transport = (typeof transports)[number]
const ours = { udp: '+8675500000001', tcp: '+8675500000002' }
const theirs = '008613000000001'
const { sdkAppId } = testApplication
const toneHz = 440

let house: InteropHouse
let kamailio: PeerProcess

beforeAll(async () => {
  if (!canInterop) return
  house = await startInteropHouse({
    beforeEngine: async (network, directory) => {
      kamailio = await startKamailio({
        ...{ namespace: network.peers.namespace, directory, host: network.peers.proxyHost },
        passwords: { 'engine-udp': 'engine-secret', 'engine-tcp': 'engine-secret', bob: 'bob-secret' },
        numbers: { [theirs]: 'bob', [ours.udp]: 'engine-udp', [ours.tcp]: 'engine-tcp' },
      })
      return kamailio
    },
    trunks: ({ peers }) =>
      transports.map((transport) => ({
        ...{ name: `kamailio-${transport}`, port: 5060, number: ours[transport] },
        extra: {
          gateways: [{ host: peers.proxyHost, port: 5060, transport }],
          auth: { kind: 'register', username: `engine-${transport}`, password: 'engine-secret', realm, expiresS: 60 },
          media: { codecs: ['PCMA'] },
        },
      })),
  })
})
afterAll(() => house?.[Symbol.asyncDispose]())

/** A telephone that registers at Kamailio. */
async function startBob(transport: Transport): Promise<Baresip> {
  const { namespace, host, proxyHost } = house.network.peers
  const before = kamailio.log().length
  const phone = await startBaresip({
    ...{ namespace, host, directory: house.directory, port: 5070, user: 'bob', toneHz },
    domain: `${proxyHost}:5060;transport=${transport}`,
    account: ['auth_user=bob', 'auth_pass=bob-secret', 'regint=60'],
  })
  await kamailio.wrote(new RegExp(`registered bob over ${transport}`, 'i'), 5_000, before)
  return phone
}

beforeEach(({ onTestFailed }) => {
  const from = { kamailio: kamailio?.log().length, engine: house?.engine.log().length }
  onTestFailed(() => {
    console.error(kamailio?.log().slice(from.kamailio))
    console.error(house?.engine.log().slice(from.engine))
  })
})

describe.skipIf(!canInterop)('Kamailio', { timeout: 40_000 }, () => {
  test.for(transports)('over %s takes our registration by digest', async (transport) => {
    await kamailio.wrote(new RegExp(`registered engine-${transport} over ${transport}`, 'i'))
  })

  test.for(transports)('over %s lets our call through after 407, and our BYE follows its route', async (transport) => {
    await using phone = await startBob(transport)
    const before = kamailio.log().length
    const session = await house.call(theirs, ours[transport])
    await phone.wrote(/Call established/)
    await heardFor(phone, 4)
    await house.client.HangUpCall({ SdkAppId: sdkAppId, SessionId: session })
    await expectTalk(house, session, phone, toneHz)
    const told = kamailio.log().slice(before)
    expect(told).toMatch(new RegExp(`authenticated INVITE of engine-${transport} over ${transport}`, 'i'))
    expect(told).toMatch(/routed ACK from/)
    expect(told).toMatch(/routed BYE from/)
  })

  test.for(transports)('over %s brings a call, whose hold, resume and BYE come by its route', async (transport) => {
    await using phone = await startBob(transport)
    const before = kamailio.log().length
    phone.dial(`sip:${ours[transport]}@${house.network.peers.proxyHost}:5060;transport=${transport}`)
    await phone.wrote(/Call established/)
    const session = await incomingCall(house, 'bob')
    await heardFor(phone, 2)
    await holdAndResume(phone, house.network.peers.namespace)
    phone.hangUp()
    await expectTalk(house, session, phone, toneHz, { Direction: 0, HungUpSide: 'user' })
    const told = kamailio.log().slice(before)
    expect(told.match(/routed INVITE from bob/g)).toHaveLength(2)
    expect(told).toMatch(/routed BYE from bob/)
  })
})
