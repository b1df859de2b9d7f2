import { type InviteHandler, type LegEvent, legId } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { account, credentialsFor, phoneDomain, ScriptedPhone } from './support/scripted-phone.ts'
import { sdpOf } from './support/signalling-pair.ts'
import { openTrunkHouse, type TrunkHouse } from './support/trunk-house.ts'

const decline: InviteHandler = async () => ({ kind: 'reject', status: 480, reason: '' })

async function openHouse(decide = decline): Promise<TrunkHouse> {
  const house = await openTrunkHouse([], decide)
  house.phones.replace([account])
  return house
}

/** Dials the telephone; the statuses and events of its leg so far. */
function dial(house: TrunkHouse, leg: string, callee = account.user) {
  const events: LegEvent[] = []
  const abort = new AbortController()
  const request = { leg: legId(leg), trunk: account.trunk, caller: '4930', callee, sdp: sdpOf(4_000) }
  const reading = (async () => {
    for await (const event of house.signalling.dial(request, abort.signal)) events.push(event)
  })()
  return { events, abort, reading }
}

const stateOf = (house: TrunkHouse) => house.phones.stateOf(account.user, account.domain)

describe('a telephone registers', () => {
  test.each(['MD5', 'SHA-256'] as const)('with its password by %s, for five minutes at most', async (algorithm) => {
    const house = await openHouse()
    const phone = new ScriptedPhone(house)
    const challenge = await phone.register()
    expect(challenge?.status).toBe(401)
    expect(stateOf(house)).toBe('offline')
    const answer = await phone.prove({ algorithm, expires: '3600' })
    expect(answer?.status).toBe(200)
    expect(answer?.headers.all('contact')).toEqual(['<sip:1001-x1@192.168.1.7:5060>;expires=300'])
    expect(stateOf(house)).toBe('idle')
    await house.clock.advance(300_000)
    expect(stateOf(house)).toBe('offline')
  })

  test('by MD5 alone once it has shown that it cannot read a list of algorithms', async () => {
    const house = await openHouse()
    const phone = new ScriptedPhone(house)
    expect((await phone.register())?.headers.all('www-authenticate')).toHaveLength(2)
    await house.clock.advance(30_000)
    const challenge = await phone.register()
    expect(challenge?.headers.all('www-authenticate')).toMatchObject([expect.stringContaining('algorithm=MD5')])
    expect((await phone.prove({ algorithm: 'MD5' }))?.status).toBe(200)
    await house.clock.advance(200_000)
    expect((await phone.register())?.headers.all('www-authenticate')).toHaveLength(1)
  })

  test('and takes it back; without a Contact it asks what is known', async () => {
    const house = await openHouse()
    const phone = new ScriptedPhone(house)
    await phone.prove()
    expect((await phone.prove({ contact: null }))?.headers.all('contact')).toHaveLength(1)
    expect((await phone.prove({ expires: '0' }))?.headers.all('contact')).toEqual([])
    expect(stateOf(house)).toBe('offline')
    await phone.prove({ contact: '<sip:a@192.168.1.7>' })
    await phone.prove({ contact: '<sip:b@192.168.1.7>;expires=60' })
    expect((await phone.prove({ contact: '*', expires: '0' }))?.headers.all('contact')).toEqual([])
  })

  test('not for less than 30 s, with a broken Contact, or with more of them than anybody needs', async () => {
    const phone = new ScriptedPhone(await openHouse())
    const short = await phone.prove({ expires: '5' })
    expect([short?.status, short?.headers.get('min-expires')]).toEqual([423, '30'])
    expect((await phone.prove({ contact: '<mailto:a@b>' }))?.status).toBe(400)
    expect((await phone.prove({ contact: '*' }))?.status).toBe(400)
    const many = Array.from({ length: 4 }, (_, index) => `<sip:${index}@192.168.1.7>`).join(', ')
    expect((await phone.prove({ contact: many }))?.status).toBe(400)
  })

  test('not again by an older request of the same Call-ID', async () => {
    const phone = new ScriptedPhone(await openHouse())
    await phone.prove({ cseq: 10 })
    expect((await phone.prove({ cseq: 9 }))?.status).toBe(500)
    expect((await phone.prove({ cseq: 11 }))?.status).toBe(200)
  })

  test('from three places at most: the one heard of longest ago goes', async () => {
    const phone = new ScriptedPhone(await openHouse())
    const places = ['a', 'b', 'c', 'd'].map((user) => `sip:${user}@192.168.1.7`)
    for (const place of places) await phone.prove({ contact: `<${place}>` })
    const known = await phone.prove({ contact: null })
    expect(known?.headers.all('contact').map((value) => /<(.*)>/.exec(value)?.[1])).toEqual(places.slice(1).reverse())
  })
})

describe('who does not know the password', () => {
  test('learns nothing from the answers: a name that nobody has is like a wrong password', async () => {
    const withAnswer = async (user: string, domain: string) => {
      const phone = new ScriptedPhone(await openHouse())
      const wrong = { user, domain, password: 'guess' }
      const answers = [await phone.register(wrong)]
      for (let guess = 0; guess < 11; guess += 1) answers.push(await phone.prove(wrong))
      return answers.map((answer) => [
        answer?.status,
        [...(answer?.headers ?? [])].map(({ name, value }) =>
          name === 'www-authenticate' ? value.replace(/nonce="[^"]*"/, '') : name,
        ),
      ])
    }
    const known = await withAnswer(account.user, account.domain)
    expect(known.map(([status]) => status)).toEqual([...Array(11).fill(401), 403])
    expect(await withAnswer('1002', account.domain)).toEqual(known)
    expect(await withAnswer('1001', '1400000002.parley.internal')).toEqual(known)
  })

  test('is stopped after ten guesses, and does not shut out the neighbour behind the same address', async () => {
    const house = await openHouse()
    house.phones.replace([account, { ...account, user: '1002', password: 'other' }])
    const phone = new ScriptedPhone(house)
    for (let guess = 0; guess < 10; guess += 1) await phone.prove({ password: 'guess' })
    expect((await phone.prove())?.status).toBe(403)
    expect((await phone.prove({ user: '1002', password: 'other' }))?.status).toBe(200)
    await house.clock.advance(60_000)
    expect((await phone.prove({ algorithm: 'MD5' }))?.status).toBe(200)
  })

  test('cannot register with a password that was changed; the telephone that had it is offline', async () => {
    const house = await openHouse()
    const phone = new ScriptedPhone(house)
    await phone.prove()
    house.phones.replace([{ ...account, password: 'new' }])
    expect(stateOf(house)).toBe('offline')
    expect((await phone.prove())?.status).toBe(401)
    expect((await phone.prove({ password: 'new' }))?.status).toBe(200)
    house.phones.replace([])
    expect(await phone.register()).toBeUndefined()
  })

  test('is not even answered where there are no telephones', async () => {
    const house = await openTrunkHouse([], decline)
    expect(await new ScriptedPhone(house).register()).toBeUndefined()
  })

  test('gets answers to its other requests only where a telephone is registered', async () => {
    const house = await openHouse()
    const stranger = house.peer('stranger.test')
    expect(await house.invite({}, stranger)).toEqual([])
  })

  test('a flood is answered within its pace: 200 at once, then 100 a second', async () => {
    const house = await openHouse()
    const strangers = Array.from({ length: 30 }, (_, index) => house.peer(`stranger-${index}.test`))
    const round = async (id: string) => {
      const before = house.network.labels.filter((label) => label === '401 REGISTER').length
      for (const [index, stranger] of strangers.entries()) {
        for (let count = 0; count < 20; count += 1) {
          stranger.sendLines(
            `REGISTER sip:${phoneDomain} SIP/2.0`,
            `Via: SIP/2.0/UDP s.test:5060;branch=z9hG4bK-${id}-${index}-${count};rport`,
            `From: <sip:1001@${phoneDomain}>;tag=a`,
            `To: <sip:1001@${phoneDomain}>`,
            `Call-ID: ${id}-${index}-${count}`,
            'CSeq: 1 REGISTER',
          )
        }
      }
      await house.clock.advance(20)
      return house.network.labels.filter((label) => label === '401 REGISTER').length - before
    }
    expect(await round('a')).toBe(200)
    await house.clock.advance(980)
    expect(await round('b')).toBeLessThanOrEqual(101)
  })
})

describe('a registered telephone', () => {
  test('is called at the address its REGISTER came from, with the Contact it gave, and is busy meanwhile', async () => {
    const house = await openHouse()
    const phone = new ScriptedPhone(house)
    await phone.prove()
    const call = dial(house, 'one')
    await house.clock.advance(50)
    const invite = phone.peer.request('INVITE')
    expect(invite.uri).toBe('sip:1001-x1@192.168.1.7:5060')
    expect(invite.headers.get('from')).toContain(`sip:4930@${phoneDomain}`)
    phone.peer.respond(invite, 200, { sdp: sdpOf(5_000), headers: { contact: '<sip:1001@198.51.100.9:5062>' } })
    await house.clock.advance(50)
    expect(call.events.map(({ type }) => type)).toEqual(['answered'])
    expect(stateOf(house)).toBe('busy')

    const second = dial(house, 'two')
    await second.reading
    expect(second.events).toMatchObject([{ type: 'rejected', status: 486 }])
    // Its Contact names somebody else, who is not sent anything.
    call.abort.abort()
    await house.clock.advance(50)
    const bye = phone.peer.request('BYE')
    phone.peer.respond(bye, 200)
    await house.clock.advance(50)
    await call.reading
    expect(stateOf(house)).toBe('idle')
    expect(new Set(house.network.sent.map(({ to }) => to))).toEqual(new Set(['us.test', 'phone.test']))
  })

  test('is not there when nobody registered, or when the application has no such extension', async () => {
    const house = await openHouse()
    const offline = dial(house, 'one')
    const unknown = dial(house, 'two', '1999')
    await Promise.all([offline.reading, unknown.reading])
    expect(offline.events).toMatchObject([{ type: 'rejected', status: 480 }])
    expect(unknown.events).toMatchObject([{ type: 'rejected', status: 404 }])
  })

  test('calls in as what it has proven, whatever its From says of the rest', async () => {
    const house = await openHouse(async () => ({ kind: 'answer', sdp: sdpOf(6_000) }))
    const phone = new ScriptedPhone(house)
    await phone.prove()
    const from = `"0123" <sip:1001@${phoneDomain}>`
    expect(await house.invite({ from }, phone.peer)).toEqual([401])
    const proof = credentialsFor(phone.peer.response('INVITE'), 'INVITE')
    expect(await house.invite({ from, headers: [proof] }, phone.peer)).toEqual([100, 180, 200])
    expect(house.offered).toMatchObject([{ trunk: account.trunk, caller: '1001', callee: '+8675512345678' }])
    expect(stateOf(house)).toBe('busy')
  })

  test('cannot call as another, registered elsewhere or not at all', async () => {
    const house = await openHouse()
    house.phones.replace([account, { ...account, user: '1002', password: 'other' }])
    const phone = new ScriptedPhone(house)
    await phone.prove()
    for (const [user, password, status] of [
      ['1002', 'secret', 401],
      ['1002', 'other', 403],
      ['1999', 'secret', 401],
    ] as const) {
      const from = `<sip:${user}@${phoneDomain}>`
      await house.invite({ from }, phone.peer)
      const proof = credentialsFor(phone.peer.response('INVITE'), 'INVITE', { user, password })
      expect(await house.invite({ from, headers: [proof] }, phone.peer)).toEqual([status])
    }
    expect(house.offered).toEqual([])
  })
})
