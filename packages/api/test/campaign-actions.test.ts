import { expect, test } from 'vitest'
import { appId } from './api-house.ts'
import { someAgent } from './fake-agent-book.ts'
import { failureOf, listeningHouse } from './listening-house.ts'
import { someCampaign } from './some-campaign.ts'

const app = { SdkAppId: appId }
const task = { ...app, TaskId: 1 }
const nowS = () => Math.floor(Date.now() / 1000)

test('CreateAutoCalloutTask understands every field', async () => {
  const { client, campaigns, agents } = await listeningHouse()
  agents.add(appId, 7, someAgent)
  const NotBefore = nowS()
  const answer = await client().CreateAutoCalloutTask({
    ...app,
    NotBefore,
    NotAfter: NotBefore + 3600,
    Callees: ['008613000000000', '008613000000001'],
    Callers: ['008601012340000'],
    Name: 'spring',
    Description: 'once a year',
    Tries: 3,
    AIAgentId: 7,
    RetryInterval: 900,
    MaxRingTimeoutSecond: 25,
    RetryHangupTypes: ['202', '206'],
    RetryTags: [{ TagName: 'wish', TagValue: 'later' }],
    Variables: [{ Key: 'city', Value: 'Bonn' }],
    UUI: 'all',
    CalleeAttributes: [{ Callee: '008613000000001', UUI: 'own', Variables: [{ Key: 'name', Value: '张三' }] }],
    TimeZone: 'Asia/Shanghai',
    AvailableWorkTimeConfig: [
      {
        DayType: 'Custom',
        DaysOfWeek: ['Monday', 'Sunday'],
        TimeRanges: [{ StartTime: '09:00:00', EndTime: '18:30:00' }],
      },
      { TimeRanges: [{ StartTime: '22:00', EndTime: '02:00' }] },
    ],
    ConcurrencyLimit: 4,
    TriggerStrategy: [
      {
        InterfaceConfig: {
          Url: 'https://crm.example.com/hook',
          HeaderParams: [{ Key: 'X-Team', Value: 'a' }],
          Params: [
            { Key: 'count', Value: '3', ValueType: 'Number' },
            { Key: 'who', Value: '{{name}}', ValueType: 'String' },
          ],
          Returns: [{ Key: 'ok' }],
          AuthType: 1,
          Oauth2Auth: { TokenURL: 'https://id.example.com/token', ClientId: 'id', ClientSecret: 'hush' },
        },
        HangupTypes: ['1'],
        CallTags: [{ TagName: 'wish', TagValue: 'buy' }],
        TriggerMode: 'ONCE_PER_NUMBER',
      },
    ],
  })
  expect(answer.TaskId).toBe(1)
  expect(campaigns.kept[0]).toMatchObject({
    applicationId: appId,
    agentId: 7,
    name: 'spring',
    description: 'once a year',
    notBeforeMs: NotBefore * 1000,
    notAfterMs: (NotBefore + 3600) * 1000,
    plan: {
      callers: ['008601012340000'],
      ringMs: 25_000,
      variables: { city: 'Bonn' },
      uui: 'all',
      tries: 3,
      retryIntervalMs: 900_000,
      retryStatuses: [202, 206],
      retryTags: [{ name: 'wish', value: 'later' }],
      concurrencyLimit: 4,
      window: {
        timeZone: 'Asia/Shanghai',
        parts: [
          { days: { kind: 'custom', weekdays: [1, 0] }, ranges: [{ fromS: 32_400, toS: 66_600 }] },
          { days: { kind: 'everyDay' }, ranges: [{ fromS: 79_200, toS: 7_200 }] },
        ],
      },
    },
    callees: [{ callee: '008613000000000' }, { callee: '008613000000001', uui: 'own', variables: { name: '张三' } }],
    triggers: [
      {
        statuses: [1],
        tags: [{ name: 'wish', value: 'buy' }],
        oncePerNumber: true,
        url: 'https://crm.example.com/hook',
        headers: { 'X-Team': 'a' },
        params: { count: 3, who: '{{name}}' },
        returns: ['ok'],
        auth: { kind: 'oauth2', tokenUrl: 'https://id.example.com/token', clientId: 'id', clientSecret: 'hush' },
      },
    ],
  })
})

test('CreateAutoCalloutTask says that there is no IVR, and refuses callbacks into private networks', async () => {
  const { client, agents } = await listeningHouse({ allowPrivateUrls: false })
  agents.add(appId, 7, someAgent)
  const asked = { ...app, NotBefore: nowS(), Callees: ['008613000000000'], Callers: [] }
  expect(await failureOf(client().CreateAutoCalloutTask({ ...asked, IvrId: 3 }))).toMatchObject({
    code: 'InvalidParameterValue',
    message: expect.stringContaining('AIAgentId'),
  })
  const TriggerStrategy = [{ InterfaceConfig: { Url: 'http://10.0.0.1/' }, HangupTypes: ['1'] }]
  expect(await failureOf(client().CreateAutoCalloutTask({ ...asked, AIAgentId: 7, TriggerStrategy }))).toMatchObject({
    code: 'InvalidParameterValue',
    message: expect.stringContaining('private'),
  })
})

test.each([
  ['StopAutoCalloutTask', 'stop'],
  ['PauseAutoCalloutTask', 'pause'],
  ['ResumeAutoCalloutTask', 'resume'],
] as const)('%s reaches the task, or says that its state does not allow it', async (action, command) => {
  const { client, campaigns } = await listeningHouse()
  campaigns.kept.push(someCampaign)
  expect(await client()[action](task)).toMatchObject({ RequestId: expect.any(String) })
  expect(campaigns.commands).toEqual([{ campaignId: 1, command }])
  campaigns.answer = 'wrongState'
  expect(await failureOf(client()[action](task))).toMatchObject({ code: 'UnsupportedOperation' })
  expect(await failureOf(client()[action]({ ...app, TaskId: 9 }))).toMatchObject({ code: 'InvalidParameterValue' })
})

test('DescribeAutoCalloutTask shows the task and its callees', async () => {
  const { client, campaigns } = await listeningHouse()
  campaigns.kept.push(someCampaign)
  const answer = await client().DescribeAutoCalloutTask(task)
  expect(answer).toMatchObject({
    Name: 'spring',
    Description: 'once a year',
    NotBefore: someCampaign.notBeforeMs / 1000,
    NotAfter: null,
    Callers: ['008601012340000'],
    Callees: [
      { Callee: '008613000000000', State: 0, Sessions: [] },
      { Callee: '008613000000001', State: 0, Sessions: [] },
    ],
    IvrId: 0,
    State: 1,
    MaxRingTimeoutSecond: 30,
  })
})

test('DescribeAutoCalloutTasks shows the newest first, page by page', async () => {
  const { client, campaigns } = await listeningHouse()
  campaigns.kept.push(someCampaign, { ...someCampaign, campaignId: 2, state: 'paused' })
  const answer = await client().DescribeAutoCalloutTasks({ ...app, PageSize: 1, PageNumber: 0 })
  expect(answer).toMatchObject({ TotalCount: 2, Tasks: [{ TaskId: 2, State: 5, CalleeCount: 2 }] })
  expect((await client().DescribeAutoCalloutTasks({ ...app, PageSize: 1, PageNumber: 1 })).Tasks?.[0]?.TaskId).toBe(1)
})
