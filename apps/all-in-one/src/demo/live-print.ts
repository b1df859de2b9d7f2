import type { CallEvent, CallQuality } from '@parley/core'

/** Makes the listener that shows a call while it happens, one line an event. */
export function livePrinter(print: (line: string) => void): (event: CallEvent) => void {
  let answeredAtMs = 0
  return ({ body, wallMs }) => {
    const at = answeredAtMs === 0 ? '      ' : `${((wallMs - answeredAtMs) / 1000).toFixed(1).padStart(5)}s`
    const line = describe(body)
    if (body.type === 'call.answered') answeredAtMs = wallMs
    if (line) print(`${at}  ${line}`)
  }
}

function describe(body: CallEvent['body']): string | undefined {
  switch (body.type) {
    case 'call.dialing':
      return 'dialling'
    case 'call.ringing':
      return 'ringing'
    case 'call.answered':
      return 'answered'
    case 'user.said':
      return `caller     ${body.text}`
    case 'assistant.said':
      return body.interrupted
        ? `assistant  ${body.heard} —  (interrupted; not heard: "${unheard(body)}")`
        : `assistant  ${body.heard}`
    case 'turn.completed':
      return latency(body.timings)
    case 'dtmf':
      return `key ${body.key}`
    case 'provider.failed':
      return `${body.stage} failed: ${body.code}`
    case 'talk.repaired':
      return `repaired: ${body.fault}`
    case 'call.ended':
      return body.quality ? `ended      ${heard(body.quality)}` : 'ended'
    default:
      return undefined
  }
}

/** Both directions, each with its estimated opinion score. */
function heard({ codec, encrypted, uplink, downlink }: CallQuality): string {
  const one = (name: string, lost = 0, of: number, mos?: number) =>
    `${name} ${lost} of ${of} packets lost${mos === undefined ? '' : `, MOS ${mos.toFixed(1)}`}`
  const caller = one('caller', uplink.packetsLost, uplink.packetsReceived + uplink.packetsLost, uplink.mos)
  const assistant = one('assistant', downlink.packetsLost, downlink.packetsSent, downlink.mos)
  return `${codec}${encrypted ? ' encrypted' : ''}; ${caller}; ${assistant}`
}

function unheard({ intended, heard }: { readonly intended: string; readonly heard: string }): string {
  return intended.startsWith(heard) ? intended.slice(heard.length).trim() : intended
}

function latency(timings: {
  readonly userStoppedAtMs?: number
  readonly firstPacketAtMs?: number
}): string | undefined {
  if (timings.userStoppedAtMs === undefined || timings.firstPacketAtMs === undefined) return undefined
  return `           answered ${Math.round(timings.firstPacketAtMs - timings.userStoppedAtMs)} ms after the caller stopped speaking`
}
