import { expect, test } from 'vitest'
import { apiHouse, appId, wallAtStartMs } from './api-house.ts'
import { FakeExtensions } from './fake-extensions.ts'
import { call } from './signed-inject.ts'

const nowS = wallAtStartMs / 1_000

function house() {
  const extensions = new FakeExtensions()
  const { api } = apiHouse({ extensions, skillGroups: [{ id: 1, name: 'sales' }] })
  const act = (action: string, more: object) => call(api, action, { SdkAppId: appId, ...more })
  return { extensions, act }
}

test('an extension is made, described with all a telephone needs, changed, and deleted', async () => {
  const { act, extensions } = house()
  const made = await act('CreateExtension', {
    ExtensionId: '1001',
    ExtensionName: 'Front desk',
    SkillGroupIds: [1, 1],
    Relation: 'anna@example.com',
  })
  expect(made.Error).toBeUndefined()
  expect(await act('DescribeExtension', { ExtensionId: '1001' })).toMatchObject({
    ExtensionId: '1001',
    ExtensionDomain: `${appId}.parley.internal`,
    Password: 'password 1 of 1001',
    OutboundProxy: '192.0.2.1:5060',
    Transport: 'UDP',
  })
  await act('ModifyExtension', { ExtensionId: '1001', ExtensionName: 'Hall' })
  expect(await act('DescribeExtensions', { PageNumber: 0 })).toMatchObject({
    Total: 1,
    ExtensionList: [
      {
        SdkAppId: appId,
        FullExtensionId: `1001@${appId}.parley.internal`,
        ExtensionId: '1001',
        SkillGroupId: '1',
        ExtensionName: 'Hall',
        CreateTime: nowS,
        ModifyTime: nowS,
        Status: null,
        Register: null,
        Relation: 'anna@example.com',
        RelationName: '',
      },
    ],
  })
  await act('DeleteExtension', { ExtensionId: '1001' })
  expect(await act('DescribeExtensions', { PageNumber: 0 })).toMatchObject({ Total: 0, ExtensionList: [] })
  expect(extensions.refreshed).toBe(3)
})

test('the state of each is shown on request', async () => {
  const { act, extensions } = house()
  for (const id of ['1001', '1002', '1003']) extensions.add(appId, id)
  extensions.states.set('1002', 'idle').set('1003', 'busy')
  const { ExtensionList } = await act('DescribeExtensions', { PageNumber: 0, IsNeedStatus: true })
  expect(ExtensionList).toMatchObject([
    { Status: 0, Register: false },
    { Status: 100, Register: true },
    { Status: 200, Register: true },
  ])
})

test('they are found by id and by a part of id or name, page by page', async () => {
  const { act, extensions } = house()
  for (const id of ['1001', '1002', '2001']) extensions.add(appId, id, id === '2001' ? 'hall' : 'desk')
  const found = async (more: object) => {
    const { Total, ExtensionList } = await act('DescribeExtensions', { PageNumber: 0, ...more })
    return [Total, (ExtensionList as { ExtensionId: string }[]).map(({ ExtensionId }) => ExtensionId)]
  }
  expect(await found({ ExtensionIds: ['1002', '9999'] })).toEqual([1, ['1002']])
  expect(await found({ FuzzingKeyWord: 'hal' })).toEqual([1, ['2001']])
  expect(await found({ FuzzingKeyWord: '100' })).toEqual([2, ['1001', '1002']])
  expect(await found({ PageNumber: 1, PageSize: 2 })).toEqual([3, ['2001']])
})

test('a reset draws another password, and this process knows at once', async () => {
  const { act, extensions } = house()
  extensions.add(appId, '1001')
  await act('ResetExtensionPassword', { ExtensionId: '1001' })
  expect(extensions.refreshed).toBe(1)
  expect(await act('DescribeExtension', { ExtensionId: '1001' })).toMatchObject({ Password: 'password 2 of 1001' })
})

test('an application has a thousand at most', async () => {
  const { act, extensions } = house()
  for (let id = 1_000; id < 2_000; id += 1) extensions.add(appId, String(id))
  const refused = await act('CreateExtension', { ExtensionId: '2000', ExtensionName: 'one more' })
  expect(refused.Error).toMatchObject({ Code: 'InvalidParameterValue', Message: expect.stringContaining('1000') })
})

test('without them the actions are not supported', async () => {
  const { api } = apiHouse()
  const answer = await call(api, 'DescribeExtensions', { SdkAppId: appId, PageNumber: 0 })
  expect(answer.Error?.Code).toBe('UnsupportedOperation')
})
