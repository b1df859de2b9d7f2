import { type Call, endOf } from '../engine/call.ts'
import type { Terminal } from './terminal.ts'

/** An event of a stream; docs/management-api.md has the members of each type. */
export interface CallEvent {
  readonly type: string
  readonly callId: string
  readonly time: string
  readonly [member: string]: unknown
}

type Paint = Terminal['paint']

/** One line for people: `08:00:05.4  user  yes please`. Undefined: nothing that a person waits for. */
export function eventLine(event: CallEvent, paint: Paint): string | undefined {
  const said = sentence(event, paint)
  return said === undefined ? undefined : `${paint('dim', event.time.slice(11, 21))}  ${said}`
}

function sentence(event: CallEvent, paint: Paint): string | undefined {
  const state = (text: string) => `${paint('cyan', 'call'.padEnd(9))}  ${text}`
  const speech = (who: string, text: unknown) => `${paint('green', who.padEnd(9))}  ${text}`
  switch (event.type) {
    case 'call.incoming':
      return state(
        `${event.direction}, ${event.caller || 'unknown'} to ${event.callee}${event.trunk ? ` by ${event.trunk}` : ''}`,
      )
    case 'call.dialing':
    case 'call.ringing':
    case 'call.answered':
      return state(event.type.slice(5))
    case 'call.ended':
      return state(`ended, ${endOf({ state: 'ended', ...outcomeOf(event) })}`)
    case 'transcript.partial':
      return paint('dim', `${'user'.padEnd(9)}  ${event.text} ...`)
    case 'transcript.final':
      return speech(event.origin === 'ask' ? 'asked' : 'user', event.text)
    case 'assistant.said':
      return speech('assistant', `${event.heard}${event.interrupted ? paint('yellow', ' [interrupted]') : ''}`)
    case 'turn.completed':
      return latency(event, paint)
    case 'dtmf':
      return speech('key', event.key)
    case 'recording.ready':
      return state(`recording of ${Math.round(Number(event.durationMs) / 1000)} s is ready`)
    case 'provider.failed':
      return `${paint('red', 'failed'.padEnd(9))}  ${event.stage}: ${event.code}`
    case 'talk.repaired':
      return undefined
    default:
      return state(`${event.type}${event.reason === undefined ? '' : `, ${event.reason}`}`)
  }
}

const outcomeOf = ({ outcome }: CallEvent): Pick<Call, 'outcome'> =>
  outcome === undefined ? {} : { outcome: outcome as NonNullable<Call['outcome']> }

function latency({ latencyMs }: CallEvent, paint: Paint): string | undefined {
  const { endToEnd, recognition, modelFirstToken, synthesisFirstAudio } = (latencyMs ?? {}) as Record<string, number>
  const parts = Object.entries({ recognition, model: modelFirstToken, voice: synthesisFirstAudio }).flatMap(
    ([name, ms]) => (ms === undefined ? [] : [`${name} ${ms} ms`]),
  )
  if (endToEnd === undefined && parts.length === 0) return undefined
  return paint('dim', `${'latency'.padEnd(9)}  ${endToEnd === undefined ? '' : `${endToEnd} ms: `}${parts.join(', ')}`)
}
