import { afterAll, beforeAll, describe, test } from 'vitest'
import { canInterop, exchangeKeys, expectTalk, heardFor } from './interop-call.ts'
import { type InteropHouse, startInteropHouse } from './interop-house.ts'
import { linphoneTold7, startLinphone } from './linphone.ts'

const number = '+8675500000001'
const user = '008613000000001'
const toneHz = 440

let house: InteropHouse

beforeAll(async () => {
  if (!canInterop) return
  house = await startInteropHouse({
    trunks: ({ peers }) => [
      {
        ...{ name: 'linphone', port: 5070, number },
        extra: {
          gateways: [{ host: peers.host, port: 5070, transport: 'udp' }],
          media: { codecs: ['PCMA'], srtp: 'required', srtpOverClearSip: true },
        },
      },
    ],
  })
})
afterAll(() => house?.[Symbol.asyncDispose]())

describe.skipIf(!canInterop)('linphone', { timeout: 40_000 }, () => {
  test('with mandatory encryption answers: each hears the other, and its keys', async () => {
    const { namespace, host } = house.network.peers
    await using phone = await startLinphone({
      ...{ namespace, host, directory: house.directory, port: 5070, user, toneHz },
    })
    const session = await house.call(user, number)
    await phone.wrote(/Media streams established/)
    await exchangeKeys(house, session, phone, linphoneTold7)
    await heardFor(phone, 4)
    phone.command('terminate')
    await expectTalk(house, session, phone, toneHz, { HungUpSide: 'user' })
  })
})
