import type { LegEvent } from '@parley/core'
import type { TrunkConfig } from './trunk-config.ts'

/** The event with what it means on a trunk that has its own word for it. The Q.850 cause says more than the status. */
export function withMeaning(event: LegEvent, causes: TrunkConfig['causes']): LegEvent {
  if (event.type !== 'rejected' || !causes) return event
  const ofCause = event.q850 === undefined ? undefined : causes[`q850:${event.q850}`]
  const meaning = ofCause ?? causes[String(event.status)]
  return meaning === undefined ? event : { ...event, meaning }
}
