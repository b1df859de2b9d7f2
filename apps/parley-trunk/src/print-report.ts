import type { TrunkReport } from './check-trunk.ts'
import type { Finding } from './judge/finding.ts'

const width = 100
const marks: Readonly<Record<Finding['verdict'], string>> = { ok: 'ok', wrong: 'WRONG', note: 'note' }
/** Where sentences begin. */
const indent = ' '.repeat(24)

/** A report for people: one mark, step and sentence per line, what to do below what is wrong. */
export function printReport({ trunk, gateways, call }: TrunkReport): string {
  const lines = [`trunk ${trunk}`]
  for (const { gateway, findings } of gateways) {
    lines.push(`  gateway ${gateway}`)
    const several = new Set(findings.flatMap(({ address }) => address ?? [])).size > 1
    for (const finding of findings) lines.push(...linesOf(finding, several))
  }
  if (call.length > 0) lines.push('  call')
  for (const finding of call) lines.push(...linesOf(finding, false))
  return `${lines.join('\n')}\n`
}

function linesOf({ verdict, step, text, advice, address }: Finding, withAddress: boolean): string[] {
  const sentence = withAddress && address ? `${address}: ${text}` : text
  const [first = '', ...rest] = wrapped(sentence)
  const head = `    ${marks[verdict].padEnd(6)}${step.padEnd(14)}${first}`
  const tail = [...rest, ...(advice ? wrapped(`-> ${advice}`) : [])]
  return [head, ...tail.map((line) => `${indent}${line}`)]
}

/** Words in lines of the width that is left. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  let line = ''
  // Names in certificates and DNS are written by others: nothing in them may steer a terminal.
  for (const word of text.replace(/\p{Cc}/gu, '?').split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width - indent.length) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
