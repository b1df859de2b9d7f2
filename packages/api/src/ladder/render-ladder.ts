import type { SignallingMessage } from '@parley/core'

const columnWidth = 30
const arrowWidth = 46

/**
 * A call's messages as people draw them: a time, who, an arrow with the start line, and below the whole messages.
 * One column of ours, one per peer address.
 */
export function renderLadder(messages: readonly SignallingMessage[]): string {
  const [first] = messages
  if (!first) return 'no messages were kept\n'
  const arrows = messages.map((message, index) => {
    const { wallMs, sent, peer } = message
    const label = `${index + 1} ${labelOf(message)}`.slice(0, arrowWidth - 6)
    const line = label.padStart(Math.ceil((arrowWidth + label.length) / 2), '-').padEnd(arrowWidth, '-')
    const arrow = sent ? `|${line}>|` : `|<${line}|`
    return `${seconds(wallMs - first.wallMs)}  Parley ${arrow} ${peer.padEnd(columnWidth)}`.trimEnd()
  })
  const whole = messages.map(
    ({ wallMs, sent, peer, text }, index) =>
      `--- ${index + 1}  ${new Date(wallMs).toISOString()}  ${sent ? 'to' : 'from'} ${peer}\n${text}\n`,
  )
  return `${arrows.join('\n')}\n\n${whole.join('\n')}`
}

/** `INVITE`, or `200 OK (INVITE)`. */
function labelOf({ text }: Pick<SignallingMessage, 'text'>): string {
  const start = text.slice(0, text.indexOf('\n'))
  const response = /^SIP\/2\.0 (.+)$/.exec(start)
  const method = /^cseq\s*:\s*\d+\s+(\w+)/im.exec(text)?.[1] ?? ''
  return response ? `${response[1]} (${method})` : (start.split(' ')[0] ?? '')
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3).padStart(8)}`
