import { ask } from '../support/test-database.ts'
import type { Asked } from './stress-callers.ts'
import { type Dial, dialledTwice, mostAtOnce, mostInOneSecond } from './stress-log.ts'
import { applications, sharedTrunk, trunks } from './stress-plan.ts'

export interface StressEvidence {
  readonly url: string
  readonly dials: readonly Dial[]
  readonly asked: readonly Asked[]
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[]
  readonly storm: { readonly fromMs: number; readonly toMs: number }
  readonly counts: Readonly<Record<string, number>>
}

export interface StressReport {
  /** What must not be, a sentence each. */
  readonly wrong: readonly string[]
  readonly figures: Readonly<Record<string, number>>
}

interface StoredCall {
  readonly id: string
  readonly stage: string
  readonly lost: boolean
  readonly fence: number
  readonly ends: number
  readonly [column: string]: unknown
}

/** A refusal takes one look more, on a machine that is busy with being killed. Taste. */
const refusalSlackMs = 3_000
/** Of the dials of the crowd's application; those with a small queue must not get less. Perfect: 1. */
const leastShare = 0.5

/** Holds what the engines logged and what was answered against the limits and the database. */
export async function judgeStress(evidence: StressEvidence): Promise<StressReport> {
  const { dials, asked, counts } = evidence
  const wrong: string[] = []
  const figures: Record<string, number> = { ...counts, dials: dials.length, asked: asked.length }
  const claim = (isTrue: boolean, sentence: string) => void (isTrue || wrong.push(sentence))

  const twice = dialledTwice(dials)
  claim(twice.length === 0, `${twice.length} calls were dialled twice: ${twice.slice(0, 5)}`)
  judgeLimits(dials, figures, claim)
  judgeShares(evidence, figures, claim)
  judgeAnswers(evidence, figures, claim)

  const stored = new Map((await storedCalls(evidence.url)).map((call) => [call.id, call]))
  const dialled = new Set(dials.map(({ callId }) => callId))
  for (const call of stored.values()) {
    claim(call.stage === 'closed' || call.stage === 'refused', `${call.id} is still ${call.stage}`)
    claim(call.ends === (call.stage === 'closed' ? 1 : 0), `${call.id} is ${call.stage} and has ${call.ends} ends`)
  }
  for (const id of dialled) claim(stored.get(id)?.stage === 'closed', `${id} was dialled and has no record`)
  for (const { callId, result } of asked) {
    const stage = stored.get(callId)?.stage
    if (result === 'accepted') claim(stage === 'closed', `${callId} was accepted and is ${stage}`)
    if (result === 'refused')
      claim(stage === 'refused' && !dialled.has(callId), `${callId} was refused and is ${stage}`)
  }
  figures.lost = [...stored.values()].filter(({ lost }) => lost).length
  figures.claimedAgain = [...stored.values()].filter(({ fence }) => fence > 1).length
  return { wrong, figures }
}

type Claim = (isTrue: boolean, sentence: string) => void

function judgeLimits(dials: readonly Dial[], figures: Record<string, number>, claim: Claim): void {
  for (const { name, limits, numbers } of trunks) {
    const own = dials.filter(({ trunk }) => trunk === name)
    const judge = (what: string, of: readonly Dial[], most: number | undefined, cps: number | undefined) => {
      const [lines, inOneSecond] = [mostAtOnce(of), mostInOneSecond(of)]
      figures[`${what}.lines`] = lines
      figures[`${what}.inOneSecond`] = inOneSecond
      claim(lines <= (most ?? Number.POSITIVE_INFINITY), `${what}: ${lines} lines of ${most}`)
      claim(inOneSecond <= (cps ?? Number.POSITIVE_INFINITY), `${what}: ${inOneSecond} dials in a second of ${cps}`)
    }
    judge(name, own, limits.maxConcurrent, limits.maxCps)
    for (const entry of numbers) {
      if (typeof entry === 'string') continue
      const { number, maxConcurrent, maxCps } = entry
      judge(
        number,
        own.filter((dial) => dial.number === number),
        maxConcurrent,
        maxCps,
      )
    }
  }
}

function judgeShares({ dials, storm }: StressEvidence, figures: Record<string, number>, claim: Claim): void {
  const during = dials.filter(
    ({ trunk, fromMs }) => trunk === sharedTrunk && fromMs >= storm.fromMs && fromMs < storm.toMs,
  )
  const shares = applications.map(({ id }) => during.filter(({ applicationId }) => applicationId === id).length)
  const [crowd = 0, modest = 0, other = 0] = shares
  figures['share.crowd'] = crowd
  figures['share.modest'] = modest
  figures['share.other'] = other
  claim(
    Math.min(modest, other) >= leastShare * crowd,
    `the crowd was given ${crowd} lines, the others ${modest}, ${other}`,
  )
}

function judgeAnswers({ asked, outages }: StressEvidence, figures: Record<string, number>, claim: Claim): void {
  for (const { callId, fromMs, toMs, acquireMs, result } of asked) {
    const awayMs = outages
      .filter((outage) => outage.fromMs < toMs && outage.toMs > fromMs)
      .reduce((sum, outage) => sum + outage.toMs - outage.fromMs, 0)
    const tookMs = toMs - fromMs
    claim(tookMs <= acquireMs + refusalSlackMs + awayMs, `${callId} was ${result} after ${tookMs} ms of ${acquireMs}`)
    if (result === 'refused') claim(tookMs >= acquireMs - 5, `${callId} was refused after ${tookMs} ms of ${acquireMs}`)
  }
  for (const kind of ['accepted', 'refused', 'error'] as const)
    figures[kind] = asked.filter(({ result }) => result === kind).length
  const late = asked
    .filter(({ result }) => result === 'refused')
    .map((each) => each.toMs - each.fromMs - each.acquireMs)
  figures.refusedLateMs = late.sort((a, b) => a - b)[Math.floor(late.length * 0.99)] ?? 0
}

const storedCalls = (url: string): Promise<StoredCall[]> =>
  ask<StoredCall>(
    url,
    `select c.call_id as id, c.stage, c.fence::int, coalesce(c.outcome->>'code' = 'ENGINE_LOST', false) as lost,
       (select count(*)::int from call_events e where e.call_id = c.call_id and e.type = 'call.ended') as ends
     from calls c`,
  )
