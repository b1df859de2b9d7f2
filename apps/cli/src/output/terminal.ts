import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Where a command writes. Data goes to `out`, everything that is said about it to `note`. */
export interface Terminal {
  out(line: string): void
  note(line: string): void
  /** Coloured where a person looks on and does not forbid it. */
  paint(style: Style, text: string): string
}

/** `NO_COLOR` of any value but the empty one forbids colours. @see https://no-color.org */
export function openTerminal(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isColoured = stdout.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
  return {
    out: (line) => stdout.write(`${line}\n`),
    note: (line) => stderr.write(`${line}\n`),
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
  }
}
