import type { CallId, CallRecord } from '@parley/core'
import { z } from 'zod'
import { parseSessionId } from '../calls/session-lookup.ts'
import { telCdrInfo } from '../calls/tel-cdr-info.ts'
import { assertQueryable } from '../calls/time-range.ts'
import { integer, sdkAppId, texts, unixSeconds } from '../parameters/fields.ts'
import { type ActionContext, defineAction } from './action.ts'

const page = {
  StartTimeStamp: unixSeconds(),
  EndTimeStamp: unixSeconds(),
  SdkAppId: sdkAppId(),
  PageSize: integer(1, 100),
  PageNumber: integer(0, 1_000_000),
}
const query = z.object({
  ...page,
  // Deprecated and without effect.
  InstanceId: z.int().optional(),
  Limit: z.int().optional(),
  Offset: z.int().optional(),
  Phones: texts().max(100).optional(),
  SessionIds: texts().max(100).optional(),
})

/** Call records by creation time, newest first. */
export const describeTelCdr = defineAction({
  name: 'DescribeTelCdr',
  parameters: query,
  async run(parameters, context) {
    const { total, calls } = await readPage(parameters, context)
    const list = calls.map((call) => telCdrInfo(call, context))
    return { TotalCount: total, TelCdrs: list, TelCdrList: list }
  },
})

/** As `DescribeTelCdr`; of every number only the last four digits are shown. */
export const describeProtectedTelCdr = defineAction({
  name: 'DescribeProtectedTelCdr',
  parameters: z.object(page),
  async run(parameters, context) {
    const { total, calls } = await readPage(parameters, context)
    const list = calls.map((call) => ({
      ...telCdrInfo(withMaskedTargets(call), context),
      Caller: '',
      Callee: '',
      ProtectedCaller: masked(call.caller),
      ProtectedCallee: masked(call.callee),
    }))
    return { TotalCount: total, TelCdrs: list, TelCdrList: list }
  },
})

async function readPage(parameters: z.output<typeof query>, context: ActionContext) {
  const { StartTimeStamp, EndTimeStamp, PageSize, PageNumber, Phones = [], SessionIds = [] } = parameters
  const range = {
    start: { name: 'StartTimeStamp', seconds: StartTimeStamp },
    end: { name: 'EndTimeStamp', seconds: EndTimeStamp },
  }
  assertQueryable(range, context.wallMs)
  const callIds = SessionIds.map(parseSessionId).filter((id): id is CallId => id !== undefined)
  if (SessionIds.length > 0 && callIds.length === 0) return { total: 0, calls: [] }
  return context.records.list({
    applicationId: context.applicationId,
    fromMs: StartTimeStamp * 1000,
    toMs: EndTimeStamp * 1000 + 999,
    ...(Phones.length > 0 && { phones: Phones }),
    ...(callIds.length > 0 && { callIds }),
    limit: PageSize,
    offset: PageSize * PageNumber,
  })
}

function withMaskedTargets(call: CallRecord): CallRecord {
  return { ...call, transfers: call.transfers.map((attempt) => ({ ...attempt, callee: masked(attempt.callee) })) }
}

/** A number of four characters or fewer is hidden whole. */
function masked(number: string): string {
  const shown = number.length > 4 ? number.slice(-4) : ''
  return '*'.repeat(number.length - shown.length) + shown
}
