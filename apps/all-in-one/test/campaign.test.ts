import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { finishedCdr, until } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

let house: TestHouse
const { sdkAppId } = testApplication
const app = { SdkAppId: sdkAppId }
const nowS = () => Math.floor(Date.now() / 1000)
const answers = '008613000000001'
const busyFirst = '008613000000002'
const forbidden = '008613000000003'

beforeAll(async () => {
  house = await startTestHouse(scripts, {
    config: (modelUrl) => ({
      doNotCall: [{ sdkAppId, numbers: [forbidden] }],
      agents: [
        {
          id: 7,
          sdkAppId,
          name: 'farewell desk',
          settings: {
            LLMType: 'openai',
            APIUrl: modelUrl,
            APIKey: 'sk-agent-secret',
            Languages: ['en'],
            VadSilenceTime: 500,
            WelcomeMessage: 'Hello {{name}}.',
            EndFunctionEnable: true,
            Variables: [{ Key: 'parley-asr-hints', Value: 'thank you goodbye' }],
          },
        },
      ],
    }),
  })
})

const scripts: Record<string, string> = { '0001': saysGoodbye, '0002': 'busy: true' }

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
})

/** Lets time pass for whoever waits to be called again: the database's clock decides, not ours. */
async function pass(seconds: number): Promise<void> {
  const socketDir = join(house.dataDir, 'postgres', 'run')
  const client = new pg.Client({ host: socketDir, user: 'parley', database: 'parley' })
  await client.connect()
  try {
    for (const table of ['campaign_callees', 'campaigns']) {
      const shift = `update ${table} set due_at = due_at - make_interval(secs => $1) where due_at > '-infinity' and due_at < 'infinity'`
      await client.query(shift, [seconds])
    }
    await client.query("select pg_notify('parley_campaign', '')")
  } finally {
    await client.end()
  }
}

const describeTask = (TaskId: number) => house.client.DescribeAutoCalloutTask({ ...app, TaskId })

test('a campaign talks to who answers, calls who was busy again, and leaves out who must not be called', {
  timeout: 150_000,
}, async () => {
  const { TaskId = 0 } = await house.client.CreateAutoCalloutTask({
    ...app,
    Name: 'spring',
    NotBefore: nowS() - 1,
    AIAgentId: 7,
    Callees: [answers, busyFirst, forbidden],
    Callers: [],
    Tries: 2,
    RetryInterval: 600,
    RetryHangupTypes: ['206'],
    Variables: [{ Key: 'name', Value: 'stranger' }],
    CalleeAttributes: [{ Callee: busyFirst, Variables: [{ Key: 'name', Value: 'Jane' }] }],
  })
  const states = async () => (await describeTask(TaskId)).Callees?.map(({ State }) => State)
  await until('the first round', 60_000, async () => (String(await states()) === '1,4,2' ? true : undefined))
  expect((await describeTask(TaskId)).State).toBe(1)
  scripts['0002'] = saysGoodbye
  await pass(590)
  expect(await states()).toEqual([1, 4, 2])
  await pass(20)
  const task = await until('the end of the campaign', 60_000, async () => {
    const seen = await describeTask(TaskId)
    return seen.State === 2 ? seen : undefined
  })
  expect(task.Callees?.map(({ Callee, State, Sessions }) => [Callee, State, Sessions?.length])).toEqual([
    [answers, 1, 1],
    [busyFirst, 1, 2],
    [forbidden, 2, 0],
  ])
  const [first = '', second = ''] = task.Callees?.[1]?.Sessions ?? []
  expect(await finishedCdr(house.client, first, 10_000)).toMatchObject({ EndStatusString: 'busy', AIAgentId: 7 })
  expect(await finishedCdr(house.client, second, 10_000)).toMatchObject({ SysHangupReasonString: 'functionCallHangup' })
  const { AsrDataList } = await house.client.DescribeTelRecordAsr({ ...app, SessionId: second })
  expect(AsrDataList?.[0]?.Message).toBe('Hello Jane.')
  expect(house.seen.filter(({ digits }) => digits === '0003')).toEqual([])
  await expect(house.client.CreateAIAgentCall({ ...app, AIAgentId: 7, Callee: forbidden })).rejects.toMatchObject({
    code: 'FailedOperation.CalleeIsBlackUser',
  })
  await expect(house.client.PauseAutoCalloutTask({ ...app, TaskId })).rejects.toMatchObject({
    code: 'UnsupportedOperation',
  })
})
