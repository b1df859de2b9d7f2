import { afterAll, beforeAll, expect, test } from 'vitest'
import { testAuthorization } from './engine-process.ts'
import { finishedCdr } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

let house: TestHouse
beforeAll(async () => {
  house = await startTestHouse({ '0001': saysGoodbye, '0002': 'busy: true' })
})
afterAll(() => house?.[Symbol.asyncDispose]())

async function ladderOf(session: string): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${house.engine.httpPort}/v1/calls/${session}/sip?format=text`, {
    headers: { authorization: testAuthorization },
  })
  const text = await answer.text()
  expect(text).not.toMatch(/1300000000/)
  return [...text.matchAll(/Parley (\|-+\d+ (.+?)-+>\||\|<-+\d+ (.+?)-+\|)/g)].map((match) =>
    match[2] === undefined ? `< ${match[3]}` : `> ${match[2]}`,
  )
}

test('the signalling of an answered and of a refused call can be read afterwards, numbers masked', async () => {
  const talk = await house.call('0001')
  await finishedCdr(house.client, talk, 60_000)
  const ladder = await ladderOf(talk)
  expect(ladder.slice(0, 2)).toEqual(['> INVITE', '< 100 Trying (INVITE)'])
  expect(ladder).toContain('< 200 OK (INVITE)')
  expect(ladder).toContain('> ACK')
  expect(ladder).toContain('> BYE')

  const busy = await house.call('0002')
  await finishedCdr(house.client, busy, 20_000)
  expect(await ladderOf(busy)).toEqual(['> INVITE', '< 100 Trying (INVITE)', '< 486 Busy Here (INVITE)', '> ACK'])
})
