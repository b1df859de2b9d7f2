import type { Exchange } from '@parley/sip'
import { audioSectionOf, audioText } from './audio-section.ts'
import { type Finding, sayOn } from './finding.ts'
import type { Show } from './shown-text.ts'

const say = sayOn('codecs')

/** Whether the session description of an answer to OPTIONS has a codec of ours. Most gateways send none: nothing is found. */
export function judgeCapabilities(exchange: Exchange, codecs: readonly string[], show: Show): readonly Finding[] {
  const sdp = exchange.heard.findLast(({ status, sdp }) => status < 300 && sdp !== undefined)?.sdp
  const audio = sdp === undefined ? undefined : audioSectionOf(sdp)
  if (!audio) return []
  const has = (codec: string) => audio.codecs.some((other) => other.toLowerCase() === codec.toLowerCase())
  const text = `The gateway names its codecs: ${show(audioText(audio))}.`
  if (codecs.some(has)) return [say('ok', 'codecs', text)]
  const advice = `None of them is in media.codecs (${codecs.join(', ')}).`
  return [say('wrong', 'codecs-refused', text, advice)]
}
