import { applicationId, callId, type HttpAnswer, type HttpPostRequest, silentLogger } from '@parley/core'
import { expect, test } from 'vitest'
import { callInDesk } from './call-in-desk.ts'

const asked = { applicationId: applicationId(1), trunk: 't', number: '+1555', url: 'https://desk.test/who?token=1' }
const call = { callId: callId('c'), caller: '+1999', callee: '+1555' }

async function ask(answer: HttpAnswer) {
  const requests: HttpPostRequest[] = []
  const warnings: unknown[] = []
  const post = async (request: HttpPostRequest) => {
    requests.push(request)
    return answer
  }
  const logger = { ...silentLogger, warn: (...told: unknown[]) => void warnings.push(told) }
  const said = await callInDesk(post, logger, () => 1_700_000_000_900)(asked, call, new AbortController().signal)
  return { said, requests, warnings }
}

const answered = (said: unknown, status = 200): HttpAnswer => ({
  kind: 'answered',
  status,
  text: typeof said === 'string' ? said : JSON.stringify(said),
})

test('the server is told of the call, and has two seconds', async () => {
  const { requests } = await ask(answered({}))
  expect(requests).toMatchObject([{ url: asked.url, timeoutMs: 2_000 }])
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    SdkAppId: 1,
    SessionId: 'c',
    Number: '+1555',
    Caller: '+1999',
    Callee: '+1555',
    Timestamp: 1_700_000_000,
  })
})

test.each([
  [{ AIAgentId: 7 }, { kind: 'agent', agentId: 7, variables: {} }],
  [
    { AIAgentId: 7, Variables: { name: 'Ann' }, More: 1 },
    { kind: 'agent', agentId: 7, variables: { name: 'Ann' } },
  ],
  [{ Reject: 603 }, { kind: 'reject', status: 603 }],
  [{}, undefined],
])('%o is %o', async (said, meant) => {
  const { said: understood, warnings } = await ask(answered(said))
  expect(understood).toEqual(meant)
  expect(warnings).toEqual([])
})

test('a server with nothing to say is believed', async () => {
  expect(await ask(answered('', 204))).toMatchObject({ said: undefined, warnings: [] })
})

test.each<HttpAnswer>([
  { kind: 'failed', reason: 'timeout' },
  { kind: 'failed', reason: 'private address' },
  answered({ AIAgentId: 7 }, 500),
  answered({ AIAgentId: 7 }, 302),
  answered('no JSON'),
  answered({ AIAgentId: '7' }),
  answered({ AIAgentId: 7, Variables: { name: 1 } }),
  answered({ Reject: 200 }),
])('what fails or is not understood says nothing and is told, without the address: %o', async (answer) => {
  const { said, warnings } = await ask(answer)
  expect(said).toBeUndefined()
  expect(warnings).toHaveLength(1)
  expect(JSON.stringify(warnings)).not.toContain('desk.test')
})
