import type { SeededRandom } from '@parley/testkit'

const fragments = [
  '\r\n',
  '\r\n\r\n',
  ' ',
  ';',
  ',',
  '"',
  '<',
  '>',
  '%00',
  '\0',
  'SIP/2.0',
  'z9hG4bK',
  ':',
  '\\',
  '=',
  '\t',
  '@',
  '[',
  ']',
  '\xff\xfe',
  '\xc3\x28',
  '\xe2\x80\xae',
  '%0d%0a',
]
const numbers = [
  '0',
  '-1',
  '4294967296',
  '2147483648',
  '99999999999999999999',
  '1e9',
  '0x10',
  '00000000001',
  '65536',
  ' 1',
  '',
]
const nestings = ['"', '<', '>', '\\"', '""', '<>', ';;', ',,', '((', '%', '\\']
const headers = [
  'Via: SIP/2.0/UDP x.test;branch=z9hG4bK1',
  'Route: <sip:x.test;lr>',
  'Record-Route: <sip:x.test>',
  'Contact: *',
  'Contact: <sip:x@[::1]:0>',
  'Require: nothing',
  'Content-Length: 5',
  'l: -1',
  'Max-Forwards: 0',
  'Session-Expires: 1',
  'Accept: text/plain',
  'To: <sip:z@z>;tag=9',
  'CSeq: 1 ACK',
  'Content-Type: multipart/mixed;boundary=x',
  'RAck: 1 1 INVITE',
  'Replaces: a;to-tag=b;from-tag=c',
  'X: y',
]

/** Damages messages along the grammar and against it. The same random numbers give the same messages. */
export class MessageMutator {
  private readonly random: SeededRandom
  private readonly corpus: readonly Buffer[]

  constructor(random: SeededRandom, corpus: readonly Buffer[]) {
    this.random = random
    this.corpus = corpus
  }

  /** The next message, never empty and at most some 70 KiB. */
  next(): Buffer {
    let text = this.random.pick(this.corpus).toString('latin1')
    for (let rounds = this.random.between(1, 5); rounds > 0; rounds -= 1) {
      text = this.random.next() < 0.5 ? this.damageBytes(text) : this.damageLines(text)
      if (text === '') text = 'x'
    }
    return Buffer.from(text.slice(0, 70_000), 'latin1')
  }

  private damageBytes(text: string): string {
    const { random } = this
    const at = random.between(0, text.length)
    const end = Math.min(text.length, at + random.between(0, 40))
    switch (random.between(0, 4)) {
      case 0:
        return `${text.slice(0, at)}${String.fromCharCode(random.between(0, 255))}${text.slice(at + 1)}`
      case 1:
        return text.slice(0, at) + text.slice(end)
      case 2:
        return text.slice(0, end) + text.slice(at)
      case 3:
        return random.next() < 0.2 ? text.slice(0, at) : `${text.slice(0, at)}${random.pick(nestings)}${text.slice(at)}`
      default:
        return text.slice(0, at) + random.pick(fragments) + text.slice(at)
    }
  }

  private damageLines(text: string): string {
    const { random } = this
    const headEnd = text.indexOf('\r\n\r\n')
    const lines = (headEnd < 0 ? text : text.slice(0, headEnd)).split('\r\n')
    const body = headEnd < 0 ? '' : text.slice(headEnd)
    const at = random.between(Math.min(1, lines.length - 1), lines.length - 1)
    const line = lines[at] ?? ''
    const colon = line.indexOf(':') + 1
    const [name, value] = [line.slice(0, colon), line.slice(colon)]
    switch (random.between(0, 11)) {
      case 0: // twice
        lines.splice(at, 0, line)
        break
      case 1: // not at all
        lines.splice(at, 1)
        break
      case 2: // no value
        lines[at] = name
        break
      case 3: // a number that is none, or too big
        lines[at] = line.replace(/\d+/, random.pick(numbers))
        break
      case 4: // folded
        lines[at] = `${name}${value.replace(/[ ;,]/g, (char) => `\r\n ${char}`)}`
        break
      case 5: // deep
        lines[at] = `${name}${random.pick(nestings).repeat(random.between(1, 200))}${value}`
        break
      case 6: // long
        lines[at] =
          `${line}${random.next() < 0.05 ? random.pick(fragments).repeat(10_000) : 'a'.repeat(random.between(1, 2_000))}`
        break
      case 7: // many
        lines.splice(
          at,
          0,
          ...Array.from({ length: random.between(2, random.next() < 0.1 ? 300 : 10) }, () => random.pick(headers)),
        )
        break
      case 8:
        lines.splice(at, 0, random.pick(headers))
        break
      case 9: // elsewhere
        lines.splice(random.between(0, lines.length - 1), 0, ...lines.splice(at, 1))
        break
      case 10: // another length
        return `${lines.map((other) => other.replace(/^(content-length|l)[ \t]*:.*/i, `$1: ${random.pick(numbers)}`)).join('\r\n')}${body}`
      default: // parameters
        lines[at] = `${line}${`;p${random.between(0, 9)}=${random.pick(fragments)}`.repeat(random.between(1, 50))}`
    }
    return lines.join('\r\n') + body
  }
}
