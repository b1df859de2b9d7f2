import { invalidParameter } from '../answer/parameter-errors.ts'
import type { ParameterPairs } from '../auth/signature-v1.ts'

type Node = string | Map<string, Node>

const maxDepth = 8
const maxPairs = 20_000

/**
 * Rebuilds nested parameters from `Variables.0.Key=a` pairs. Members whose names are all numbers become an array in the
 * order of their numbers; gaps close. Values stay texts. The last of equal names wins.
 *
 * @throws ApiError InvalidParameter when a name is both a value and a group, or lies too deep
 */
export function unflatten(pairs: ParameterPairs): Record<string, unknown> {
  if (pairs.length > maxPairs) {
    throw invalidParameter('*', { en: 'list has too many entries', zh: '数量过多' })
  }
  const root = new Map<string, Node>()
  for (const [name, value] of pairs) insert(root, name, value)
  return Object.fromEntries([...root].map(([name, node]) => [name, build(node)]))
}

function insert(root: Map<string, Node>, name: string, value: string): void {
  const segments = name.split('.')
  const last = segments.pop() ?? ''
  if (segments.length >= maxDepth) throw tangled(name)
  let group = root
  for (const segment of segments) {
    let next = group.get(segment)
    if (next === undefined) {
      next = new Map()
      group.set(segment, next)
    }
    if (typeof next === 'string') throw tangled(name)
    group = next
  }
  if (group.get(last) instanceof Map) throw tangled(name)
  group.set(last, value)
}

function tangled(name: string) {
  return invalidParameter(name.slice(0, 100), { en: 'cannot be read as a nested parameter', zh: '格式错误' })
}

function build(node: Node): unknown {
  if (typeof node === 'string') return node
  const entries = [...node]
  if (entries.every(([name]) => /^\d{1,6}$/.test(name))) {
    return entries.sort(([left], [right]) => Number(left) - Number(right)).map(([, child]) => build(child))
  }
  return Object.fromEntries(entries.map(([name, child]) => [name, build(child)]))
}
