import { expect, test } from 'vitest'
import { parseConfigFile } from './config-file.ts'
import { readSettings } from './env.ts'
import { bucketSettings } from './recording-settings.ts'

const file = `
applications:
  - sdkAppId: 1
    keys: [{ secretId: a, secretKey: b }]
    recordings: { format: opus }
trunks:
  - name: carrier-a
    gateways: [{ host: 127.0.0.1, port: 5070, transport: udp }]
    auth: { kind: none }
    numbers: ["+8675500000001"]
    limits: { maxConcurrent: 10, maxCps: 5 }
`
const bucket = '{ endpoint: "https://s3.example.com", bucket: calls }'
const settingsOf = (environment: Record<string, string>) => readSettings(environment).settings

test('recordings are WAV files where they were recorded unless the file says otherwise', () => {
  const { file: config, problems } = parseConfigFile(file)
  expect(problems).toEqual([])
  expect(config?.recordings).toEqual({ format: 'wav' })
  expect(config?.applications[0]?.recordings).toEqual({ format: 'opus' })
  expect(bucketSettings(config, settingsOf({}))).toEqual({ problems: [] })
})

test('retention of an application is that of the installation but for what it sets itself', () => {
  const { file: config, problems } = parseConfigFile(`${file}retention: { recordingsDays: 90, recordsDays: 365 }\n`)
  expect(problems).toEqual([])
  expect(config?.retention).toEqual({ recordingsDays: 90, recordsDays: 365 })
  expect(parseConfigFile(`${file}retention: { recordingsDays: 0, callsDays: 5 }\n`).problems).toEqual([
    'retention.recordingsDays: must be at least 1',
    'retention: Unrecognized key: "callsDays"',
  ])
})

test('entries of the audit log are kept as long as the file says, of all applications or of one', () => {
  const text = file.replace('recordings: { format: opus }', 'retention: { auditDays: 30 }')
  const { file: config } = parseConfigFile(`${text}retention: { auditDays: 1000 }\n`)
  expect(config?.applications[0]?.retention).toEqual({ auditDays: 30 })
  expect(config?.retention).toEqual({ auditDays: 1000 })
})

test('a bucket takes its credentials from the environment and nowhere else', () => {
  const { file: config } = parseConfigFile(`${file}recordings: { format: mp3, s3: ${bucket} }\n`)
  expect(bucketSettings(config, settingsOf({})).problems).toEqual([
    'PARLEY_S3_ACCESS_KEY_ID, PARLEY_S3_SECRET_ACCESS_KEY: recordings.s3 needs them',
  ])
  const given = settingsOf({ PARLEY_S3_ACCESS_KEY_ID: 'AK', PARLEY_S3_SECRET_ACCESS_KEY: 'very-secret' })
  const { bucket: found } = bucketSettings(config, given)
  expect(found).toMatchObject({ bucket: 'calls', region: 'us-east-1', prefix: '', pathStyle: false, delivery: 'proxy' })
  expect(found?.credentials.secretAccessKey.reveal()).toBe('very-secret')
  expect(JSON.stringify(found)).not.toContain('very-secret')
  const { problems } = parseConfigFile(`${file}recordings: { s3: { endpoint: x, bucket: B, accessKeyId: AK } }\n`)
  expect(problems).toEqual([
    'recordings.s3.endpoint: must be an http or https address',
    'recordings.s3.bucket: must be the name of a bucket',
    'recordings.s3: Unrecognized key: "accessKeyId"',
  ])
})

test('privacy of an application: what is masked, with patterns that are regular expressions', () => {
  const { file: config, problems } = parseConfigFile(`${file}privacy: { digits: true, patterns: ["[a-z]+@[a-z.]+"] }\n`)
  expect(problems).toEqual([])
  expect('write to me@x.de'.replace(config?.privacy.patterns?.[0] ?? '', '***')).toBe('write to ***')
  expect(parseConfigFile(`${file}privacy: { minDigits: 1, patterns: ["(", "a*"] }\n`).problems).toEqual([
    expect.stringContaining('privacy.minDigits'),
    'privacy.patterns[0]: must be a regular expression',
    'privacy.patterns[1]: must not match the empty text',
  ])
})
