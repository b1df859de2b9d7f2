import { existsSync, readFileSync } from 'node:fs'
import { rfc4475Cases } from './rfc4475-table.ts'
import { rfc5118Cases } from './rfc5118-table.ts'
import type { TortureCase } from './torture-expectation.ts'

/** What `./scripts/fuzz-sip` leaves in `bench/results/fuzz-sip.json`. */
interface FuzzFigures {
  readonly commit: string
  readonly measuredOn: string
  readonly seed: number
  readonly messages: number
  readonly accepted: number
  readonly crashes: number
  readonly messagesPerS: number
  readonly slowestMs: number
  readonly heapBeforeMb: number
  readonly heapAfterMb: number
  readonly agentMessages: number
  readonly streamBytes: number
  readonly growth: Readonly<Record<string, number>>
}

const figuresFile = new URL('../../../../bench/results/fuzz-sip.json', import.meta.url)

/** `docs/sip-torture.md`, made of the tables the tests check and of the committed figures of the long run. */
export function torturePage(): string {
  return `${[
    '# SIP torture tests',
    'Made from the tables of `packages/sip/test` (`UPDATE_DOCS=1` rewrites it); a test holds this page to them, another sends each message to a whole user agent and looks at what leaves it. The sender is a known source: an unknown one never gets an answer.',
    '_Out_ is the response on the wire: the final one, 180 for a call that was offered to its owner, or nothing.',
    '## RFC 4475',
    tableOf(rfc4475Cases),
    '## RFC 5118 (IPv6)',
    tableOf(rfc5118Cases),
    '## Messages that break the grammar',
    'A request of a known source with a readable Via is answered with 400 (505 for another version of SIP) without any state, to the address it came from. The answer is never longer than the request; where it would be, there is none. Responses and ACKs are never answered. On a stream, bytes that cannot be divided into messages close the connection.',
    '## Fuzzing',
    '`packages/sip/test/fuzz.test.ts` runs mutations with a fixed seed for a few seconds: headers doubled, emptied, folded and filled with thousands of bytes, numbers out of range, bad UTF-8 and nulls, wrong lengths, nested quotes and brackets, hundreds of Vias, and plain bit damage, at the parser, at a user agent in a call and at the divider of streams. `./scripts/fuzz-sip --messages N [--seed S] [--json FILE]` is the same for as long as one likes.',
    ...fuzzFigures(),
  ].join('\n\n')}\n`
}

function tableOf(cases: readonly TortureCase[]): string {
  const rows = cases.map(({ name, section, rfc, outcome, does }) => [
    `\`${name}\``,
    section,
    rfc,
    String(outcome),
    does,
  ])
  const head = ['message', 'section', 'what the RFC says', 'out', 'what we do']
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function fuzzFigures(): string[] {
  if (!existsSync(figuresFile)) return []
  const run = JSON.parse(readFileSync(figuresFile, 'utf8')) as FuzzFigures
  const count = (value: number) => Math.round(value).toLocaleString('en-GB')
  const growth = Object.entries(run.growth).map(([name, ratio]) => `| ${name} | ${ratio.toFixed(1)} |`)
  return [
    `The last long run (${run.measuredOn}, commit ${run.commit.slice(0, 10)}, seed ${run.seed}, one core that other work shared): ${count(run.messages)} messages at the parser (${count(run.accepted)} were accepted and could be written and read again), ${count(run.messagesPerS)} a second, the slowest ${run.slowestMs.toFixed(1)} ms; ${count(run.agentMessages)} messages at a user agent in calls; ${count(run.streamBytes)} bytes of streams cut at random. Crashes: ${run.crashes}. Heap after a collection: ${run.heapBeforeMb.toFixed(1)} MB before, ${run.heapAfterMb.toFixed(1)} MB after.`,
    'Time for a worst case of 64 KiB over that for 16 KiB; 4 is linear, 16 would be quadratic:',
    ['| shape | ratio |', '| --- | --- |', ...growth].join('\n'),
  ]
}
