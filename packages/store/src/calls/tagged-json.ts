import { Secret } from '@parley/core'

/**
 * JSON that keeps `Secret` apart from text. A secret becomes `{ "$": "secret", "value": ... }`; an object that has a member
 * `$` itself becomes `{ "$": "object", "members": [[name, value], ...] }`, so nothing a user writes is mistaken for ours.
 * Members that are undefined are left out, as in JSON.
 */
export function toTagged(value: unknown): unknown {
  if (value instanceof Secret) return { $: 'secret', value: value.reveal() }
  if (Array.isArray(value)) return value.map(toTagged)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, toTagged(member)] as const)
  return '$' in value ? { $: 'object', members } : Object.fromEntries(members)
}

/** The value `toTagged` was given. Throws on anything that function cannot have made. */
export function fromTagged(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromTagged)
  if (typeof value !== 'object' || value === null) return value
  const record = value as Readonly<Record<string, unknown>>
  if (record.$ === undefined) return rebuild(Object.entries(record))
  if (record.$ === 'secret' && typeof record.value === 'string') return new Secret(record.value)
  if (record.$ === 'object' && Array.isArray(record.members)) return rebuild(record.members as [string, unknown][])
  throw new Error('stored value has an unknown tag')
}

/** `fromEntries` defines members, so a member named `__proto__` stays one. */
function rebuild(members: readonly (readonly [string, unknown])[]): unknown {
  return Object.fromEntries(members.map(([name, member]) => [name, fromTagged(member)]))
}
