import { SeededRandom } from '@parley/testkit'
import { someCallId } from '../api-house.ts'

/** Texts that break parsers, databases and other people's JSON. */
export const nastyTexts = [
  ...['', ' ', '\0', '\ud800', '😀', '"', '\\', '{{', '\r\n', '../../x', 'null', 'true', '-1', '1e999', '%00'],
  ...['a'.repeat(3000), '[object Object]', '{}', '[]', '\u202e', '\ufeff', '0x10', 'NaN', "';--", '$(x)', '+'],
]
const nastyNumbers = [0, -1, 0.5, 2 ** 53, -(2 ** 63), 1e308, -0, 1400000000, Number.MAX_SAFE_INTEGER]
const names = ['Key', 'Value', 'Text', '__proto__', 'constructor', 'a.b', '0', 'InfoName', 'InfoType', 'Choices']

/** Right in type for some member or other, so that checks behind the types are reached. */
const plausible: readonly unknown[] = [
  ...[1, 2, 3, 5, 10, 100, 500, 1000, 2 ** 31, 0.7, true, '1', 'zh', 'dify', 'Wine'],
  ...[['en'], ['008601012340000'], ['x', 'x'], [], [1400000000], [{}]],
  [{ Key: 'a', Value: '{{b}}' }],
  [{ Key: 'parley-analysis', Value: 'x' }],
  [{ InfoType: 'Text', InfoName: '__proto__' }],
  [{ InfoType: 'Selector', InfoName: 'x', Choices: ['y'] }],
  { Text: '{{a}}', Interrupt: true, DropMode: 1 },
  { FirstSentenceTimeout: 1.5, ZHToneWords: { Neutral: ['a'] } },
  '{"TTSType":"custom","APIKey":"k","APIUrl":"http://127.0.0.1/"}',
]

/** Repeatable nonsense. */
export class Fuzzer {
  readonly random: SeededRandom

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.random.between(1, times) === 1
  }

  /** Any JSON value. */
  value(depth = 0): unknown {
    if (this.once(3)) return this.random.pick(plausible)
    const kind = this.random.between(0, depth > 3 ? 4 : 6)
    if (kind === 0) return null
    if (kind === 1) return this.random.pick([true, false])
    if (kind === 2) return this.random.pick(nastyNumbers)
    if (kind <= 4) return this.random.pick([...nastyTexts, someCallId, 'en', 'openai', 'Text', 'Selector'])
    const items = Array.from({ length: this.random.between(0, 4) }, () => this.value(depth + 1))
    return kind === 5 ? items : Object.fromEntries(items.map((item) => [this.random.pick(names), item]))
  }

  /** Replaces up to two members. */
  parameters(base: Readonly<Record<string, unknown>>, known: readonly string[]): Record<string, unknown> {
    const parameters = { ...base }
    for (let count = this.random.between(0, 2); count > 0; count -= 1) {
      parameters[this.random.pick([...known, ...names])] = this.value()
    }
    return parameters
  }

  /** Cuts, doubles or overwrites a piece. */
  damage(text: string): string {
    const at = this.random.between(0, text.length)
    const piece = this.random.pick([...nastyTexts, '{', '}', '[', ']', ',', ':', '&', '=', '%', ';', '\n', '\t'])
    return text.slice(0, at) + piece + text.slice(at + this.random.between(0, 5))
  }
}
