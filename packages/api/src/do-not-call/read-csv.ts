import { isDialable } from '../assistant/phone-number.ts'

interface ListedNumber {
  readonly number: string
  readonly note: string
}

/** `faulty`: the numbers of lines that hold none, from 1. */
export interface ReadCsv {
  readonly entries: readonly ListedNumber[]
  readonly faulty: readonly number[]
}

/**
 * Numbers of a CSV text: the first column is the number (it holds a digit), the second, if any, a note. Separators are dropped. A
 * first line `number` is a heading; empty lines do not count. Quotes as RFC 4180 has them, but for line breaks within.
 */
export function readCsv(text: string): ReadCsv {
  const entries: ListedNumber[] = []
  const faulty: number[] = []
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue
    const [first = '', second = ''] = cellsOf(line)
    if (index === 0 && first.trim().toLowerCase() === 'number') continue
    const number = first.replace(/[\s().-]/g, '')
    if (isDialable(number) && /\d/.test(number)) entries.push({ number, note: second.trim().slice(0, 200) })
    else faulty.push(index + 1)
  }
  return { entries, faulty }
}

function cellsOf(line: string): readonly string[] {
  const cells = line.matchAll(/(?:^|[,;])(?:"((?:[^"]|"")*)"|([^,;]*))/g)
  return [...cells].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
}
