import { afterAll, beforeAll, describe, test } from 'vitest'
import { testApplication } from '../engine-process.ts'
import { type Baresip, type BaresipOptions, baresipTold7, holdAndResume, startBaresip } from './baresip.ts'
import { canInterop, exchangeKeys, expectTalk, heardFor, incomingCall } from './interop-call.ts'
import { type InteropHouse, startInteropHouse } from './interop-house.ts'

const codecs = ['PCMA', 'PCMU', 'G722', 'opus'] as const
type Codec = (typeof codecs)[number]
const numberOf = (codec: Codec | 'SRTP') => `+867550000000${[...codecs, 'SRTP'].indexOf(codec)}`
const user = '008613000000001'
const port = 5070
const toneHz = 440

let house: InteropHouse

beforeAll(async () => {
  if (!canInterop) return
  house = await startInteropHouse({
    trunks: ({ peers }) => {
      const gateway = { host: peers.host, port, transport: 'udp' }
      const trunk = (name: Codec | 'SRTP', media: object, transport = 'udp') => ({
        ...{ name: `baresip-${name}`, port, number: numberOf(name) },
        extra: { gateways: [{ ...gateway, transport }], media },
      })
      return [
        ...codecs.map((codec) => trunk(codec, { codecs: [codec] }, codec === 'PCMU' ? 'tcp' : 'udp')),
        trunk('SRTP', { codecs: ['PCMA'], srtp: 'required', srtpOverClearSip: true }),
      ]
    },
  })
})
afterAll(() => house?.[Symbol.asyncDispose]())

const start = (more: Partial<BaresipOptions> = {}): Promise<Baresip> => {
  const { namespace, host } = house.network.peers
  return startBaresip({ namespace, host, directory: house.directory, port, user, toneHz, ...more })
}
const encrypted = { account: ['regint=0', 'mediaenc=srtp-mand'] }

describe.skipIf(!canInterop)('baresip', { timeout: 40_000 }, () => {
  test.for(codecs)('answers with %s: each hears the other and its keys', async (codec) => {
    await using phone = await start({ codec })
    const session = await house.call(user, numberOf(codec))
    await phone.wrote(/Call established/)
    await exchangeKeys(house, session, phone, baresipTold7)
    await heardFor(phone, 4)
    phone.hangUp()
    await expectTalk(house, session, phone, toneHz, { HungUpSide: 'user' })
  })

  test('calls a number of ours, is greeted, holds, takes the call back and is hung up', async () => {
    const caller = '8613900000001'
    await using phone = await start({ user: caller })
    phone.dial(`sip:${numberOf('PCMA')}@${house.network.engine.host}`)
    await phone.wrote(/Call established/)
    const session = await incomingCall(house, caller)
    await heardFor(phone, 2)
    await holdAndResume(phone, house.network.peers.namespace)
    await house.client.HangUpCall({ SdkAppId: testApplication.sdkAppId, SessionId: session })
    await phone.wrote(/session closed|Connection reset by peer/)
    await expectTalk(house, session, phone, toneHz, { Direction: 0 })
  })

  test('with mandatory encryption answers: each hears the other and its keys', async () => {
    await using phone = await start(encrypted)
    const session = await house.call(user, numberOf('SRTP'))
    await phone.wrote(/SRTP is Enabled/)
    await exchangeKeys(house, session, phone, baresipTold7)
    await heardFor(phone, 4)
    phone.hangUp()
    await expectTalk(house, session, phone, toneHz, { HungUpSide: 'user' })
  })
})
