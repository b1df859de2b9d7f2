import { expect, test } from 'vitest'
import { parseConfigFile } from './config-file.ts'

const house = {
  applications: [{ sdkAppId: 1, keys: [{ secretId: 'a', secretKey: 'b' }] }],
  trunks: [
    {
      name: 'one',
      gateways: [{ host: '192.0.2.1' }],
      numbers: ['+8675500000001'],
      limits: { maxConcurrent: 1, maxCps: 1 },
    },
  ],
}
const parsed = (more: object) => parseConfigFile(JSON.stringify({ ...house, ...more }))

test('without entries there are no rules, no numbers, and days are what they seem', () => {
  const { file } = parsed({})
  expect(file).toMatchObject({
    calendar: { timeZone: 'UTC', holidays: [], workingDays: [] },
    doNotCall: [],
    outboundRules: [],
  })
})

test('rules are read into seconds of the day and days of the week', () => {
  const rules = {
    sdkAppId: 1,
    maxCallsPerCalleePerDay: 3,
    minIntervalS: 60,
    timeZone: 'Asia/Shanghai',
    workingTime: [
      { days: 'businessDay', from: '09:00', to: '18:30' },
      { days: ['saturday', 'sunday'], from: '22:00', to: '02:00' },
      { from: '00:00', to: '24:00' },
    ],
  }
  expect(parsed({ outboundRules: [rules] }).file?.outboundRules).toEqual([
    {
      sdkAppId: 1,
      maxCallsPerCalleePerDay: 3,
      minIntervalS: 60,
      timeZone: 'Asia/Shanghai',
      parts: [
        { days: { kind: 'businessDay' }, ranges: [{ fromS: 32_400, toS: 66_600 }] },
        { days: { kind: 'custom', weekdays: [6, 0] }, ranges: [{ fromS: 79_200, toS: 7_200 }] },
        { days: { kind: 'everyDay' }, ranges: [{ fromS: 0, toS: 86_400 }] },
      ],
    },
  ])
})

test('what is wrong is named by its key', () => {
  const { problems } = parsed({
    calendar: { timeZone: 'Mars/Olympus', holidays: ['2026-13-01'] },
    doNotCall: [{ numbers: ['?'] }],
    outboundRules: [{ sdkAppId: 1, workingTime: [{ from: '9', to: '18:00' }] }],
  })
  expect(problems).toEqual([
    'calendar.timeZone: must be an IANA time zone such as Asia/Shanghai',
    'calendar.holidays[0]: must be a date such as "2026-01-31"',
    'doNotCall[0].numbers[0]: must be a number',
    'outboundRules[0].workingTime[0].from: must look like "09:30"',
  ])
})

test('rules and numbers belong to an application of the file, which has one set of rules', () => {
  const { problems } = parsed({
    doNotCall: [{ sdkAppId: 2, numbers: ['110'] }],
    outboundRules: [{ sdkAppId: 1 }, { sdkAppId: 1 }, { sdkAppId: 3 }],
  })
  expect(problems).toEqual([
    'doNotCall[0].sdkAppId: must be one of applications',
    'outboundRules[2].sdkAppId: must be one of applications',
    'outboundRules[1].sdkAppId: has rules already',
  ])
})
