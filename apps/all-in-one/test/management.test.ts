import { expect, test } from 'vitest'
import { sdkClient } from '../src/demo/sdk-client.ts'
import { removeDataDir, startEngineProcess, testApplication } from './engine-process.ts'

const token = 'token-of-this-installation'
const nowS = Math.floor(Date.now() / 1_000)
const page = { StartTimeStamp: nowS - 100, EndTimeStamp: nowS, PageSize: 10, PageNumber: 0 }

test('an application and its key are made by the API, work with the official SDK, and are switched off again', {
  timeout: 60_000,
}, async () => {
  const trunks = [{ name: 'phone', port: 9, number: '+8675500000001' }]
  const engine = await startEngineProcess({ trunks, environment: { PARLEY_ADMIN_TOKEN: token } })
  try {
    const ask = async (method: string, path: string, body?: object, ifMatch?: string) => {
      const answer = await fetch(`http://127.0.0.1:${engine.httpPort}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(ifMatch && { 'if-match': ifMatch }) },
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, value: text ? JSON.parse(text) : undefined }
    }
    const application = await ask('POST', '/v1/applications', { name: 'Acme' })
    expect(application.status).toBe(201)
    const { sdkAppId } = application.value
    const made = await ask('POST', `/v1/applications/${sdkAppId}/keys`, { role: 'operator' })
    expect(made.status).toBe(201)

    const client = sdkClient(engine.httpPort, made.value)
    expect((await client.DescribeTelCdr({ SdkAppId: sdkAppId, ...page })).TotalCount).toBe(0)
    await expect(client.DescribeTelCdr({ SdkAppId: testApplication.sdkAppId, ...page })).rejects.toMatchObject({
      code: 'InvalidParameterValue.InstanceNotExist',
    })

    const group = { name: 'support', targets: [{ number: '+8613900000001', trunk: 'phone' }] }
    const groups = `/v1/skill-groups?sdkAppId=${sdkAppId}`
    expect((await ask('POST', groups, group)).status).toBe(201)
    const elsewhere = await ask('POST', groups, { ...group, name: 'x', targets: [{ number: '12', trunk: 'other' }] })
    expect(elsewhere.value.errors).toMatchObject([{ field: 'targets.0.trunk' }])
    const seen = await client.DescribeSkillGroupInfoList({ SdkAppId: sdkAppId, PageSize: 10, PageNumber: 0 })
    expect(seen.SkillGroupList).toMatchObject([{ SkillGroupName: 'support' }])

    const key = await ask('GET', made.headers.get('location') ?? '')
    const change = (enabled: boolean, etag: string | null) =>
      ask('PATCH', made.headers.get('location') ?? '', { enabled }, etag ?? '')
    const off = await change(false, key.headers.get('etag'))
    expect(off.status).toBe(200)
    await expect(client.DescribeTelCdr({ SdkAppId: sdkAppId, ...page })).rejects.toMatchObject({
      code: 'AuthFailure.SecretIdNotFound',
    })
    expect((await change(true, key.headers.get('etag'))).status).toBe(412)
    expect((await change(true, off.headers.get('etag'))).status).toBe(200)
    expect((await client.DescribeTelCdr({ SdkAppId: sdkAppId, ...page })).TotalCount).toBe(0)
    expect((await ask('DELETE', made.headers.get('location') ?? '')).status).toBe(204)
    await expect(client.DescribeTelCdr({ SdkAppId: sdkAppId, ...page })).rejects.toMatchObject({
      code: 'AuthFailure.SecretIdNotFound',
    })

    const declared = await ask('PATCH', `/v1/applications/${testApplication.sdkAppId}`, { enabled: false }, '*')
    expect([declared.status, declared.value.title]).toEqual([409, 'the application is declared in parley.yaml'])
    const { entries } = (await ask('GET', '/v1/audit')).value
    const entriesOf = (wanted: string) => entries.filter(({ outcome }: { outcome: string }) => outcome === wanted)
    expect(entriesOf('refused').length + entriesOf('done').length).toBe(entries.length)
    expect(entriesOf('done').map(({ operation }: { operation: string }) => operation)).toEqual([
      'deleteApplicationsSdkAppIdKeysSecretId',
      'patchApplicationsSdkAppIdKeysSecretId',
      'patchApplicationsSdkAppIdKeysSecretId',
      'postSkillGroups',
      'postApplicationsSdkAppIdKeys',
      'postApplications',
    ])
    expect(engine.log()).not.toContain(made.value.secretKey)
  } finally {
    await engine.stop()
    removeDataDir(engine.dataDir)
  }
})
