import type { SeededRandom } from '../seeded-random.ts'
import { application } from './api-protocol.ts'
import { type ArchiveSample, archiveDays } from './call-archive.ts'
import type { SignedClient } from './signed-client.ts'

/** One kind of request; each run of it asks for something else. */
export interface Read {
  readonly id: string
  readonly ask: (client: SignedClient) => Promise<Readonly<Record<string, unknown>>>
}

const dayS = 86_400
const pageSize = 20

/** What people ask for: pages of a day, of all time, deep ones, one phone's calls, one call and what was said in it. */
export function readPlan({ callIds, phones }: ArchiveSample, calls: number, random: SeededRandom): readonly Read[] {
  const one = (values: readonly string[]) => values[random.below(values.length)] ?? ''
  const app = { SdkAppId: application.sdkAppId }
  const nowS = Math.floor(Date.now() / 1_000)
  const all = { StartTimeStamp: nowS - archiveDays * dayS, EndTimeStamp: nowS }
  const aDay = () => {
    const endS = nowS - random.below((archiveDays - 1) * dayS)
    return { StartTimeStamp: endS - dayS, EndTimeStamp: endS }
  }
  const cdr = (parameters: Readonly<Record<string, unknown>>) => (client: SignedClient) =>
    client.action('DescribeTelCdr', { ...app, PageSize: pageSize, PageNumber: 0, ...parameters })
  const session =
    (action: string, more = {}) =>
    (client: SignedClient) =>
      client.action(action, { ...app, SessionId: one(callIds), ...more })
  return [
    { id: 'cdr, a day', ask: (client) => cdr(aDay())(client) },
    { id: 'cdr, all', ask: cdr(all) },
    {
      id: 'cdr, deep',
      ask: (client) => cdr({ ...all, PageNumber: random.below(Math.floor((calls * 0.9) / pageSize)) })(client),
    },
    { id: 'cdr, a phone', ask: (client) => cdr({ ...all, Phones: [one(phones)] })(client) },
    { id: 'cdr, ids', ask: (client) => cdr({ ...all, SessionIds: [one(callIds), one(callIds)] })(client) },
    { id: 'session', ask: (client) => session('DescribeTelSession')(client) },
    {
      id: 'detail',
      ask: (client) =>
        session('DescribeSessionDetail', { StartTimestamp: all.StartTimeStamp, EndTimestamp: all.EndTimeStamp })(
          client,
        ),
    },
    { id: 'asr', ask: (client) => session('DescribeTelRecordAsr')(client) },
    {
      id: 'active',
      ask: (client) => client.action('DescribePSTNActiveSessionList', { ...app, Offset: 100, Limit: 25 }),
    },
    {
      id: '/v1/calls',
      ask: (client) =>
        client.get(
          `/v1/calls?limit=50&from=${new Date((nowS - dayS * random.below(archiveDays)) * 1_000).toISOString()}`,
        ),
    },
  ]
}
