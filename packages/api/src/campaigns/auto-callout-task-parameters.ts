import { isTimeZone } from '@parley/campaign'
import { z } from 'zod'
import { variables } from '../assistant/create-ai-call-parameters.ts'
import { phoneNumber } from '../assistant/phone-number.ts'
import {
  checkedText,
  dayMs,
  flag,
  integer,
  integerOf,
  sdkAppId,
  text,
  textOf,
  unixSeconds,
} from '../parameters/fields.ts'

/** Largest campaign of one request; ten megabytes of request hold more numbers than that only just. */
/** Of one task. */
export const maxCallees = 100_000
const maxTriggers = 10

/** End statuses a campaign may be told to call again after. */
const retryStatuses = [
  ...['202', '203', '204', '205', '206', '207', '208', '210', '212', '213', '215', '216', '217', '218', '219'],
  ...['221', '222', '234'],
]
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

const pairs = () => z.array(z.object({ Key: text().min(1), Value: text() })).max(100)
const tags = () => z.array(z.object({ TagName: text().min(1), TagValue: text() })).max(100)
const uui = () => text().max(1_024)
const ranges = () => z.array(z.object({ StartTime: text(), EndTime: text() })).max(50)
const statusText = () =>
  checkedText((value) => /^\d{1,3}$/.test(value), {
    en: 'must be an end status such as 202',
    zh: '必须为挂断状态码，例如 202',
  })

const callback = z.object({
  Url: text().max(2_048),
  HeaderParams: pairs().optional(),
  Params: z
    .array(z.object({ Key: text().min(1), Value: text(), ValueType: text().optional() }))
    .max(100)
    .optional(),
  Returns: z
    .array(z.object({ Key: text().min(1) }))
    .max(100)
    .optional(),
  Async: flag().optional(),
  AuthType: integerOf(0, 1).optional(),
  BasicAuth: z.object({ BasicToken: text() }).optional(),
  BearerAuth: z.object({ BearerToken: text() }).optional(),
  CustomAuth: z.object({ Key: text().min(1), Value: text(), ValueType: text().optional() }).optional(),
  Oauth2Auth: z.object({ TokenURL: text().max(2_048), ClientId: text().min(1), ClientSecret: text() }).optional(),
})

/** `CreateAutoCalloutTaskRequest`, every field. */
export const autoCalloutTaskParameters = z.object({
  SdkAppId: sdkAppId(),
  NotBefore: unixSeconds(),
  Callees: z.array(phoneNumber()).min(1).max(maxCallees),
  Callers: z.array(phoneNumber()).max(500),
  IvrId: z.int().optional(),
  Name: text().max(256).optional(),
  Description: text().max(4_096).optional(),
  NotAfter: unixSeconds().optional(),
  Tries: integer(1, 3).optional(),
  Variables: variables().optional(),
  UUI: uui().optional(),
  CalleeAttributes: z
    .array(z.object({ Callee: phoneNumber(), UUI: uui().optional(), Variables: variables().optional() }))
    .max(maxCallees)
    .optional(),
  TimeZone: checkedText(isTimeZone, {
    en: 'must be an IANA time zone such as Asia/Shanghai',
    zh: '必须为 IANA 时区名称，例如 Asia/Shanghai',
  }).optional(),
  AvailableTime: ranges().optional(),
  AIAgentId: z.int().optional(),
  RetryInterval: integer(600, 86_400).optional(),
  MaxRingTimeoutSecond: integer(0, dayMs / 1000).optional(),
  RetryHangupTypes: z
    .array(textOf(...retryStatuses))
    .max(100)
    .optional(),
  RetryTags: tags().optional(),
  AvailableWorkTimeConfig: z
    .array(
      z.object({
        DayType: textOf('EveryDay', 'BusinessDay', 'Holiday', 'Custom').optional(),
        DaysOfWeek: z
          .array(textOf(...weekdays))
          .max(7)
          .optional(),
        TimeRanges: ranges().min(1),
      }),
    )
    .max(20)
    .optional(),
  TriggerStrategy: z
    .array(
      z.object({
        InterfaceConfig: callback,
        HangupTypes: z.array(statusText()).max(100).optional(),
        CallTags: tags().optional(),
        TriggerMode: textOf('ONCE_PER_NUMBER', 'ALWAYS_ON_MATCH').optional(),
      }),
    )
    .max(maxTriggers)
    .optional(),
  ConcurrencyLimit: integer(1, 100_000).optional(),
})

export type AutoCalloutTaskParameters = z.output<typeof autoCalloutTaskParameters>
export type TriggerItem = NonNullable<AutoCalloutTaskParameters['TriggerStrategy']>[number]

/** 0 is Sunday. */
export const weekdayNumber = (name: string): number => weekdays.indexOf(name)
