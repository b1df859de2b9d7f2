import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestCertificates } from '../../../../packages/sip/test/support/test-certificates.ts'
import { testApplication } from '../engine-process.ts'
import { finishedCdr } from '../placed-call.ts'
import { type Baresip, baresipTold7, startBaresip } from './baresip.ts'
import { canInterop, exchangeKeys, expectTalk, expectTone, heardFor, incomingCall, outcomeOf } from './interop-call.ts'
import { type InteropHouse, startInteropHouse } from './interop-house.ts'
import { realm, startKamailio } from './kamailio.ts'
import { type Linphone, linphoneTold7, startLinphone } from './linphone.ts'
import type { PeerProcess } from './peer-process.ts'

const ours = { baresip: '+8675500000001', kamailio: '+8675500000002', stranger: '+8675500000003' }
const theirs = { baresip: '008613000000001', linphone: '008613000000002' }
const port = 5070
const toneHz = 440
const deskHz = 600
const { sdkAppId } = testApplication

const certificates = new TestCertificates()
const authority = certificates.authority('interop')
const other = certificates.authority('others')
/** baresip compares the host it dials with names only, so the address stands there as well. */
const issue = (host: string) => ({
  ...certificates.issue(authority, `IP:${host},DNS:${host}`),
  caFile: authority.certFile,
})

let house: InteropHouse
let kamailio: PeerProcess

beforeAll(async () => {
  if (!canInterop) return
  house = await startInteropHouse({
    beforeEngine: async (network, directory) => {
      const { namespace, proxyHost } = network.peers
      kamailio = await startKamailio({
        ...{ namespace, directory, host: proxyHost, tls: issue(proxyHost) },
        passwords: { engine: 'engine-secret', lin: 'lin-secret' },
        numbers: { [theirs.linphone]: 'lin', [ours.kamailio]: 'engine' },
      })
      return kamailio
    },
    trunks: ({ peers }) => {
      const trunk = (name: keyof typeof ours, host: string, tlsPort: number, caFile: string, more: object = {}) => ({
        ...{ name, port: tlsPort, number: ours[name] },
        extra: {
          gateways: [{ host, port: tlsPort, transport: 'tls' }],
          tls: { caFile },
          media: { codecs: ['PCMA'], srtp: 'required' },
          ...more,
        },
      })
      return [
        trunk('baresip', peers.host, port + 1, authority.certFile),
        trunk('stranger', peers.host, port + 1, other.certFile),
        trunk('kamailio', peers.proxyHost, 5061, authority.certFile, {
          auth: { kind: 'register', username: 'engine', password: 'engine-secret', realm, expiresS: 60 },
        }),
      ]
    },
    config: () => ({
      skillGroups: [
        {
          id: 7,
          name: 'desk',
          targets: [{ number: theirs.linphone, trunk: 'kamailio' }],
          summary: false,
          holdPrompt: '',
        },
      ],
    }),
    environment: ({ engine }) => {
      const { certFile, keyFile } = issue(engine.host)
      return { PARLEY_SIP_TLS_PORT: '5061', PARLEY_SIP_TLS_CERT: certFile, PARLEY_SIP_TLS_KEY: keyFile }
    },
  })
})
afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  certificates[Symbol.dispose]()
})

const startPhone = (user: string): Promise<Baresip> => {
  const { namespace, host } = house.network.peers
  return startBaresip({
    ...{ namespace, host, directory: house.directory, port, user, toneHz, tls: issue(host) },
    domain: `${host}:${port + 1};transport=tls`,
    account: ['regint=0', 'mediaenc=srtp-mand'],
  })
}

/** linphone, registered at Kamailio. */
async function startDesk(): Promise<Linphone> {
  const { namespace, host, proxyHost } = house.network.peers
  const before = kamailio.log().length
  const phone = await startLinphone({
    ...{ namespace, host, directory: house.directory, port: 5080, user: 'lin', toneHz: deskHz },
    registrar: { host: proxyHost, password: 'lin-secret', caFile: authority.certFile },
  })
  await kamailio.wrote(/registered lin over TLS/i, 10_000, before)
  return phone
}

describe.skipIf(!canInterop)('over TLS, with certificates verified and mandatory SRTP', { timeout: 40_000 }, () => {
  test('baresip answers: each hears the other, and its keys', async () => {
    await using phone = await startPhone(theirs.baresip)
    const session = await house.call(theirs.baresip, ours.baresip)
    await phone.wrote(/SRTP is Enabled/)
    await exchangeKeys(house, session, phone, baresipTold7)
    await heardFor(phone, 4)
    phone.hangUp()
    await expectTalk(house, session, phone, toneHz, { HungUpSide: 'user' })
    expect(phone.log()).toMatch(/TLS .*\nINVITE/)
  })

  test('baresip calls a number of ours and is greeted', async () => {
    const caller = '8613900000005'
    await using phone = await startPhone(caller)
    phone.dial(`sip:${ours.baresip}@${house.network.engine.host}:5061;transport=tls`)
    await phone.wrote(/Call established/)
    const session = await incomingCall(house, caller)
    await heardFor(phone, 4)
    phone.hangUp()
    await expectTalk(house, session, phone, toneHz, { Direction: 0, HungUpSide: 'user' })
  })

  test('a gateway whose certificate is from elsewhere gets no call', async () => {
    await using phone = await startPhone(theirs.baresip)
    const session = await house.call(theirs.baresip, ours.stranger)
    expect(await finishedCdr(house.client, session, 20_000)).toMatchObject({ EndStatusString: 'operatorError' })
    expect(phone.log()).not.toContain('INVITE sip:')
  })

  test('linphone, registered at Kamailio as we are, answers: each hears the other, and its keys', async () => {
    await using phone = await startDesk()
    const session = await house.call(theirs.linphone, ours.kamailio)
    await phone.wrote(/Media streams established/)
    await exchangeKeys(house, session, phone, linphoneTold7)
    await heardFor(phone, 4)
    phone.command('terminate')
    await expectTalk(house, session, phone, deskHz, { HungUpSide: 'user' })
    expect(kamailio.log()).toMatch(/routed BYE from .* over TLS/i)
  })

  test('linphone calls a number of ours through Kamailio and is greeted', async () => {
    await using phone = await startDesk()
    phone.command(`call sip:${ours.kamailio}@${house.network.peers.proxyHost}`)
    await phone.wrote(/Media streams established/)
    const session = await incomingCall(house, 'lin')
    await heardFor(phone, 4)
    await house.client.HangUpCall({ SdkAppId: sdkAppId, SessionId: session })
    await expectTalk(house, session, phone, deskHz, { Direction: 0 })
  })

  test('baresip is handed over to linphone: tones and keys cross the engine both ways', async () => {
    await using caller = await startPhone(theirs.baresip)
    await using human = await startDesk()
    const session = await house.call(theirs.baresip, ours.baresip)
    await caller.wrote(/SRTP is Enabled/)
    await heardFor(caller, 1)
    await house.client.TransferToManual({ SdkAppId: sdkAppId, SessionId: session, SkillGroupId: 7 })
    await human.wrote(/Media streams established/)
    await heardFor(human, 2)
    caller.press('5')
    await human.wrote(/Receiving tone 5/)
    human.press('9')
    await caller.wrote(/received event: '9' \(end=1\)/)
    await heardFor(human, 5)
    human.command('terminate')
    const { cdr, caller: left, assistant: right } = await outcomeOf(house, session)
    expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'seat', SkillGroupId: 7 })
    for (const sound of [human.heard(), left]) expectTone(sound, toneHz, 2)
    for (const sound of [caller.heard(), right]) expectTone(sound, deskHz, 2)
  })
})
