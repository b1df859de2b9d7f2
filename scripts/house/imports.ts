import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** One import of a source file. `target`: a path of this repository, `node:...`, or the name of an npm package. */
export interface Import {
  readonly from: string
  readonly target: string
  readonly typeOnly: boolean
}

/** Static imports and re-exports, imports for effect, and `import()` of a literal. */
const statement =
  /^(?:import|export)\s+(type\s)?([^'"`;]*?)\s*from\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm

/** Every import of a file. @throws Error when a relative import names no file */
export function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(statement)].map((match) => {
    const [, typeKeyword, names = '', fromName, effectName, dynamicName] = match
    const specifier = fromName ?? effectName ?? dynamicName ?? ''
    return { from: path, target: resolve(path, specifier), typeOnly: typeKeyword !== undefined || onlyTypes(names) }
  })
}

/** `{ type A, type B }` */
function onlyTypes(names: string): boolean {
  const inner = names.match(/^\{([\s\S]*)\}$/)?.[1]
  if (inner === undefined) return false
  const parts = inner.split(',').map((part) => part.trim())
  return parts.every((part) => part === '' || part.startsWith('type '))
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) {
    const path = normalize(join(dirname(from), specifier))
    if (!existsSync(path)) throw new Error(`${from}: import of '${specifier}' finds no file`)
    return path
  }
  const room = specifier.match(/^@parley\/([\w-]+)/)?.[1]
  if (room === undefined) return specifier
  const home = ['packages', 'apps'].find((top) => existsSync(`${top}/${room}/package.json`))
  return home ? `${home}/${room}/src/index.ts` : specifier
}

/** Circles of imports that exist at run time, each as the files it passes. */
export function circles(imports: readonly Import[]): string[][] {
  const edges = new Map<string, string[]>()
  for (const { from, target, typeOnly } of imports) {
    if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), target])
  }
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) return void found.push([...trail.slice(start), path])
    if (done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}
