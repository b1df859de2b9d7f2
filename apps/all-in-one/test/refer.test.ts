import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testApplication, testAuthorization } from './engine-process.ts'
import { answered, assistantLines, finishedCdr } from './placed-call.ts'
import { freeUdpPort, killSipp, runSipp, sippAvailable } from './sipp-process.ts'
import { answer, awaitRequest, goTo, label, notify, pause, reply, request, sippScenario } from './sipp-scenario.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { startTestHouse, type TestHouse } from './test-house.ts'

const { sdkAppId } = testApplication
const sippNumber = '+8675500000009'
const sorry = 'Sorry, nobody is there right now.'

let house: TestHouse
let model: TellingModel
let modelUrl: string
let port: number

beforeAll(async () => {
  port = await freeUdpPort()
  model = await startTellingModel()
  modelUrl = model.open('refer', () => sorry)
  const desk = (user: string) => ({ sip: `sip:${user}@127.0.0.1:${port}`, trunk: 'pbx' })
  const group = { holdPrompt: 'Please hold.', summary: false, ringMs: 8_000 }
  house = await startTestHouse(
    {},
    {
      moreTrunks: () => [{ name: 'pbx', port, number: sippNumber }],
      config: () => ({
        skillGroups: [
          { ...group, id: 7, name: 'blind', mode: 'refer', targets: [desk('1001'), desk('1002')] },
          { ...group, id: 8, name: 'attended', mode: 'attended', targets: [desk('1001')] },
        ],
      }),
    },
  )
})
afterAll(async () => {
  killSipp()
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

/** Calls sipp, which plays the scenario; an operator hands the caller over once it has answered. */
async function transferred(scenario: string, skillGroupId: number, args: readonly string[] = []) {
  const played = runSipp(scenario, port, args)
  const sessionId = await house.call('0009', { Callers: [sippNumber], APIUrl: modelUrl, NotifyMaxCount: 0 })
  await answered(house.client, sessionId)
  await house.client.TransferToManual({ SdkAppId: sdkAppId, SessionId: sessionId, SkillGroupId: skillGroupId })
  expect(await played).toMatchObject({ code: 0, log: '' })
  return { sessionId, cdr: await finishedCdr(house.client, sessionId, 15_000) }
}

async function messagesOf(sessionId: string): Promise<readonly string[]> {
  const answer = await fetch(`http://127.0.0.1:${house.engine.httpPort}/v1/calls/${sessionId}/sip`, {
    headers: { authorization: testAuthorization },
  })
  const { messages } = (await answer.json()) as { messages: { text: string }[] }
  return messages.map(({ text }) => text)
}

describe.skipIf(!sippAvailable)('a caller whose exchange is asked by REFER', { timeout: 60_000 }, () => {
  test('to call a human is gone for us once the human has answered', async () => {
    const { cdr } = await transferred(
      sippScenario(
        answer(),
        awaitRequest('REFER', ['Refer-To', '&lt;sip:1001@127.0.0.1:[0-9]+&gt;']),
        reply('202 Accepted'),
        notify(1, '100 Trying'),
        notify(2, '180 Ringing'),
        notify(3, '200 OK', true),
        awaitRequest('BYE'),
        reply('200 OK'),
      ),
      7,
    )
    expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'system' })
    expect(cdr.ServeParticipants).toMatchObject([{ Phone: '1001', EndStatusString: 'ok' }])
  })

  test('and refuses, and whose next human is busy, talks with the assistant again', async () => {
    const { cdr, sessionId } = await transferred(
      sippScenario(
        answer(),
        awaitRequest('REFER', ['Refer-To', '1001@']),
        reply('603 Decline'),
        awaitRequest('REFER', ['Refer-To', '1002@']),
        reply('202 Accepted'),
        notify(1, '100 Trying'),
        notify(2, '486 Busy Here', true),
        pause(4_000),
        request('BYE', 3, 200),
      ),
      7,
    )
    expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'user' })
    expect(cdr.ServeParticipants).toMatchObject([
      { Phone: '1001', EndStatusString: 'operatorError' },
      { Phone: '1002', EndStatusString: 'busy' },
    ])
    expect(await assistantLines(house.client, sessionId)).toContain(sorry)
  })

  test('to take our place with a human who has answered: Replaces names the call to the human, both legs of ours end', async () => {
    const { cdr, sessionId } = await transferred(
      sippScenario(
        answer({ label: '1', to: '1001@' }),
        awaitRequest('REFER', ['Refer-To', 'Replaces=']),
        reply('202 Accepted'),
        notify(1, '200 OK', true),
        awaitRequest('BYE'),
        reply('200 OK'),
        goTo('2'),
        label('1'),
        awaitRequest('BYE'),
        reply('200 OK'),
        label('2'),
      ),
      8,
      ['-m', '2'],
    )
    expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'system', SkillGroup: 'attended' })
    expect(cdr.ServeParticipants).toMatchObject([{ Phone: '1001', EndStatusString: 'ok' }])
    const messages = await messagesOf(sessionId)
    const refer = messages.find((text) => text.startsWith('REFER ')) ?? ''
    const replaces = decodeURIComponent(/Replaces=([^>]+)>/.exec(refer)?.[1] ?? '')
    const toHuman = messages.filter((text) => !text.includes(`Call-ID: ${/Call-ID: (\S+)/.exec(refer)?.[1]}`))
    const answered = toHuman.find((text) => text.startsWith('SIP/2.0 200') && text.includes('INVITE')) ?? ''
    const [, fromTag] = /From: .*;tag=(\S+)/.exec(answered) ?? []
    const [, toTag] = /To: .*;tag=(\S+)/.exec(answered) ?? []
    expect(replaces).toBe(`${/Call-ID: (\S+)/.exec(answered)?.[1]};to-tag=${toTag};from-tag=${fromTag}`)
  })

  test('to take our place, and cannot, is joined with the human by us', async () => {
    const { cdr } = await transferred(
      sippScenario(
        answer({ label: '1', to: '1001@' }),
        awaitRequest('REFER', ['Refer-To', 'Replaces=']),
        reply('202 Accepted'),
        notify(1, '481 Call Does Not Exist', true),
        pause(2_000),
        request('BYE', 2, 200),
        goTo('2'),
        label('1'),
        awaitRequest('BYE'),
        reply('200 OK'),
        label('2'),
      ),
      8,
      ['-m', '2'],
    )
    expect(cdr).toMatchObject({ EndStatusString: 'ok', HungUpSide: 'user', SkillGroupId: 8 })
  })
})
