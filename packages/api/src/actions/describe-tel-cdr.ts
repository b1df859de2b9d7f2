import type { CallId } from '@parley/core'
import { z } from 'zod'
import { parseSessionId } from '../calls/session-lookup.ts'
import { telCdrInfo } from '../calls/tel-cdr-info.ts'
import { assertQueryable } from '../calls/time-range.ts'
import { integer, sdkAppId, texts, unixSeconds } from '../parameters/fields.ts'
import { defineAction } from './action.ts'

/** Call records by creation time, newest first. */
export const describeTelCdr = defineAction({
  name: 'DescribeTelCdr',
  parameters: z.object({
    StartTimeStamp: unixSeconds(),
    EndTimeStamp: unixSeconds(),
    SdkAppId: sdkAppId(),
    PageSize: integer(1, 100),
    PageNumber: integer(0, 1_000_000),
    // Deprecated and without effect.
    InstanceId: z.int().optional(),
    Limit: z.int().optional(),
    Offset: z.int().optional(),
    Phones: texts().max(100).optional(),
    SessionIds: texts().max(100).optional(),
  }),
  async run(parameters, context) {
    const { StartTimeStamp, EndTimeStamp, PageSize, PageNumber, Phones = [], SessionIds = [] } = parameters
    const range = {
      start: { name: 'StartTimeStamp', seconds: StartTimeStamp },
      end: { name: 'EndTimeStamp', seconds: EndTimeStamp },
    }
    assertQueryable(range, context.wallMs)
    const callIds = SessionIds.map(parseSessionId).filter((id): id is CallId => id !== undefined)
    if (SessionIds.length > 0 && callIds.length === 0) return { TotalCount: 0, TelCdrs: [], TelCdrList: [] }
    const { total, calls } = await context.records.list({
      applicationId: context.applicationId,
      fromMs: StartTimeStamp * 1000,
      toMs: EndTimeStamp * 1000 + 999,
      ...(Phones.length > 0 && { phones: Phones }),
      ...(callIds.length > 0 && { callIds }),
      limit: PageSize,
      offset: PageSize * PageNumber,
    })
    const list = calls.map((call) => telCdrInfo(call, context))
    return { TotalCount: total, TelCdrs: list, TelCdrList: list }
  },
})
