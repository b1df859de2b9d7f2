import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApplication } from '../engine-process.ts'
import { answered, finishedCdr, until } from '../placed-call.ts'
import { type Baresip, startBaresip } from './baresip.ts'
import { canInterop, expectTone, heardFor, incomingCall } from './interop-call.ts'
import { type InteropHouse, startInteropHouse } from './interop-house.ts'

const { sdkAppId: SdkAppId } = testApplication
const ExtensionId = '1001'
const groupId = 7
const number = '+8675500000001'
const callee = '008613000000001'
const calleeHz = 440
const deskHz = 1_000
/** The desk has an address that is no trunk's. */
const deskPort = 5_080

let house: InteropHouse

beforeAll(async () => {
  if (!canInterop) return
  house = await startInteropHouse({
    trunks: ({ peers }) => [
      {
        ...{ name: 'carrier', port: 5_070, number },
        extra: { gateways: [{ host: peers.proxyHost, port: 5_070, transport: 'udp' }], media: { codecs: ['PCMA'] } },
      },
    ],
    config: () => ({
      skillGroups: [
        { id: groupId, name: 'desk', targets: [{ number: '008613000000009', trunk: 'carrier' }], summary: false },
      ],
    }),
  })
})
afterAll(() => house?.[Symbol.asyncDispose]())

/** A telephone that is set up with what `DescribeExtension` says. */
async function startDesk(password: string, host = house.network.peers.host): Promise<Baresip> {
  const { ExtensionDomain, OutboundProxy } = await house.client.DescribeExtension({ SdkAppId, ExtensionId })
  const { namespace } = house.network.peers
  const start = () =>
    startBaresip({
      ...{ namespace, host, directory: house.directory, port: deskPort, user: ExtensionId, toneHz: deskHz },
      domain: ExtensionDomain ?? '',
      account: [`auth_pass=${password}`, `outbound="sip:${OutboundProxy};transport=udp"`, 'regint=60'],
    })
  const desk = await start()
  // It cannot read a list of algorithms, and would only try again after half a minute.
  const tries = await Promise.race([
    desk.wrote(/Function not implemented/, 15_000).then(() => true),
    desk.wrote(/SIP\/2\.0 200|Authorization:/, 15_000).then(() => false),
  ])
  await pause(1_500)
  if (!tries) return desk
  await desk[Symbol.asyncDispose]()
  return start()
}

const shown = async () => {
  const { ExtensionList } = await house.client.DescribeExtensions({ SdkAppId, PageNumber: 0, IsNeedStatus: true })
  return ExtensionList?.find((one) => one.ExtensionId === ExtensionId)
}
const passwordOf = async () => (await house.client.DescribeExtension({ SdkAppId, ExtensionId })).Password ?? ''

describe.skipIf(!canInterop)('an extension on baresip', { timeout: 60_000 }, () => {
  let first = ''

  test('registers with the password that DescribeExtension shows, and takes a call over from the assistant', async () => {
    await house.client.CreateExtension({
      ...{ SdkAppId, ExtensionId, ExtensionName: 'desk', SkillGroupIds: [groupId] },
    })
    expect(await shown()).toMatchObject({ Status: 0, Register: false })
    first = await passwordOf()
    await using desk = await startDesk(first)
    await until('the registration', 10_000, async () => ((await shown())?.Register ? true : undefined))
    expect(await shown()).toMatchObject({ Status: 100, Register: true })

    const { namespace, proxyHost: host } = house.network.peers
    const directory = house.directory
    await using caller = await startBaresip({
      ...{ namespace, host, directory, port: 5_070, user: callee, toneHz: calleeHz },
    })
    const session = await house.call(callee, number)
    await answered(house.client, session)
    await heardFor(caller, 2)
    await house.client.TransferToManual({ SdkAppId, SessionId: session, SkillGroupId: groupId })
    await desk.wrote(/Call established/, 20_000)
    await heardFor(desk, 4)
    expect(await shown()).toMatchObject({ Status: 200, Register: true })
    desk.hangUp()
    const cdr = await finishedCdr(house.client, session, 15_000)
    expect(cdr).toMatchObject({ HungUpSide: 'seat', SkillGroupId: groupId })
    expect(cdr.ServeParticipants?.at(-1)).toMatchObject({ Phone: ExtensionId, EndStatusString: 'ok' })
    expectTone(desk.heard(), calleeHz, 2)
    await until('the desk to be free', 5_000, async () => ((await shown())?.Status === 100 ? true : undefined))
  })

  test('calls a number of its application and hears the assistant', async () => {
    await using desk = await startDesk(first)
    await until('the registration', 10_000, async () => ((await shown())?.Register ? true : undefined))
    desk.dial(`sip:${number}@${(await house.client.DescribeExtension({ SdkAppId, ExtensionId })).ExtensionDomain}`)
    await desk.wrote(/Call established/)
    const session = await incomingCall(house, ExtensionId)
    await heardFor(desk, 3)
    await house.client.HangUpCall({ SdkAppId, SessionId: session })
    expect(await finishedCdr(house.client, session, 15_000)).toMatchObject({ Caller: ExtensionId, Direction: 0 })
  })

  test('is offline after ResetExtensionPassword: the old password is refused, the new one is taken', async () => {
    await house.client.ResetExtensionPassword({ SdkAppId, ExtensionId })
    expect(await shown()).toMatchObject({ Status: 0, Register: false })
    const second = await passwordOf()
    expect(second).not.toBe(first)
    {
      await using old = await startDesk(first)
      await old.wrote(/Authorization:[\s\S]*SIP\/2\.0 40[13]/, 10_000)
      expect(await shown()).toMatchObject({ Status: 0, Register: false })
    }
    // Where the old one was, nobody is listened to for a while: it has guessed too often.
    await using _desk = await startDesk(second, house.network.peers.proxyHost)
    await until('the registration', 10_000, async () => ((await shown())?.Register ? true : undefined))
    await house.client.DeleteExtension({ SdkAppId, ExtensionId })
    expect(await shown()).toBeUndefined()
  })
})
