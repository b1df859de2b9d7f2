import { Secret } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import { assistant } from '../../test/support/sample-calls.ts'
import { SecretBox } from './secret-box.ts'
import { openSpec, sealSpec } from './spec-codec.ts'
import { fromTagged, toTagged } from './tagged-json.ts'

const box = new SecretBox(new Uint8Array(32).fill(1), new SeededRandom(1))
const owner = { applicationId: 7, callId: '5B1F2C7E-0000-4000-8000-000000000001' }
const content = { limits: { ringMs: 5 }, assistant }

/** `toEqual` cannot see into a `Secret`. */
const revealed = (value: unknown): unknown => JSON.stringify(toTagged(value))

test('a spec comes back as it was, secrets included', () => {
  const custom = { nested: [{ key: new Secret('k') }], $: 'secret', value: 'no secret', ['__proto__']: 'x' }
  const full = {
    ...content,
    assistant: {
      ...assistant,
      voice: { custom },
      recognition: { ...assistant.recognition, custom: { APIKey: 'recognition-secret' } },
      model: { ...assistant.model, extraBody: { $: 1 } },
    },
  }
  const { open, sealed } = sealSpec(box, owner, full)
  const back = openSpec(box, { ...owner, callId: owner.callId.toLowerCase() }, JSON.parse(open), sealed)
  expect(back).toEqual(full)
  expect(open).not.toContain('recognition-secret')
  expect(revealed(back.assistant.voice)).toBe(revealed(full.assistant.voice))
  expect(back.assistant.model.apiKey).toBeInstanceOf(Secret)
  expect(back.assistant.model.apiKey.reveal()).toBe('sk-very-secret')
})

test('the open half holds no secret', () => {
  const { open } = sealSpec(box, owner, content)
  expect(open).toContain('Be brief.')
  for (const secret of ['sk-very-secret', 'header-secret', 'voice-secret', '[secret]'])
    expect(open).not.toContain(secret)
})

test('a secret at a place nobody thought of is an error, not a loss', () => {
  const hidden = { ...assistant, greeting: { kind: 'text' as const, text: 'x', token: new Secret('t') } }
  expect(() => sealSpec(box, owner, { limits: {}, assistant: hidden })).toThrow('secret lies outside')
})

test('the sealed half does not open for another tenant, another call, another key, or after damage', () => {
  const { open, sealed } = sealSpec(box, owner, content)
  const spec = JSON.parse(open)
  expect(() => openSpec(box, { ...owner, applicationId: 8 }, spec, sealed)).toThrow('do not open')
  expect(() => openSpec(box, { ...owner, callId: '5b1f2c7e-0000-4000-8000-000000000002' }, spec, sealed)).toThrow(
    'do not open',
  )
  const other = new SecretBox(new Uint8Array(32).fill(2), new SeededRandom(1))
  expect(() => openSpec(other, owner, spec, sealed)).toThrow('do not open')
  for (const at of [0, 1, 20, sealed.length - 1]) {
    const damaged = Buffer.from(sealed)
    damaged[at] = (damaged[at] ?? 0) ^ 1
    expect(() => openSpec(box, owner, spec, damaged)).toThrow('do not open')
  }
  expect(() => openSpec(box, owner, spec, sealed.subarray(0, 20))).toThrow('do not open')
})

test('any value survives tagging', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const value = anyValue(new SeededRandom(seed), 0)
    const back = fromTagged(JSON.parse(JSON.stringify(toTagged(value))))
    expect(revealed(back), `seed ${seed}`).toBe(revealed(value))
  }
})

test('a master key of the wrong length is refused', () => {
  expect(() => new SecretBox(new Uint8Array(16), new SeededRandom(1))).toThrow('32 bytes')
})

function anyValue(random: SeededRandom, depth: number): unknown {
  const kind = random.between(0, depth > 3 ? 3 : 5)
  if (kind === 0) return random.between(-5, 5)
  if (kind === 1) return random.pick(['', 'secret', 'object', '"\\', 'é😀'])
  if (kind === 2) return random.pick([null, true, false])
  if (kind === 3) return new Secret(random.pick(['a', 'b']))
  const members = Array.from({ length: random.between(0, 3) }, () => anyValue(random, depth + 1))
  if (kind === 4) return members
  return Object.fromEntries(members.map((member) => [random.pick(['$', 'value', 'members', 'a', '__proto__']), member]))
}
