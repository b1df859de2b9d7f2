import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { circles, importsOf } from './imports.ts'
import { violation } from './layers.ts'

const imports = (from: string, target: string) => ({ from, target, typeOnly: false })

test('an import that the floor plan does not allow is named', () => {
  expect(violation(imports('packages/sip/src/a.ts', 'packages/media/src/index.ts'))).toBe('sip may import core')
  expect(violation(imports('packages/core/src/a.ts', 'node:fs'))).toBe('core imports nothing')
  expect(violation(imports('packages/conversation/src/driver/a.ts', 'node:fs'))).toMatch(/no Node modules/)
  expect(violation(imports('packages/conversation/src/turn/a.ts', 'packages/conversation/src/driver/b.ts'))).toMatch(
    /reducer/,
  )
  expect(violation(imports('apps/callee/src/a.ts', 'packages/core/src/index.ts'))).toMatch(/no code/)
  expect(violation(imports('packages/api/src/a.ts', 'apps/all-in-one/src/engine.ts'))).toBe(
    'api may import core, campaign',
  )
  expect(violation(imports('packages/api/src/a.ts', 'packages/testkit/src/index.ts'))).toBe(
    'api may import core, campaign',
  )
})

test('what the floor plan allows passes', () => {
  expect(violation(imports('packages/sip/src/a.ts', 'packages/core/src/index.ts'))).toBeUndefined()
  expect(violation(imports('packages/api/src/a.test.ts', 'packages/testkit/src/index.ts'))).toBeUndefined()
  expect(violation(imports('apps/all-in-one/src/engine.ts', 'packages/sip/src/index.ts'))).toBeUndefined()
})

test('every form of import is seen, and which exist at run time', () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-imports-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'a.ts')
  writeFileSync(join(directory, 'b.ts'), '')
  writeFileSync(
    file,
    "import type { A } from './b.ts'\nimport {\n  type B,\n  c,\n} from 'npm-thing'\nimport './b.ts'\nexport { d } from './b.ts'\nconst e = await import('node:fs')\n",
  )
  expect(importsOf(file).map(({ target, typeOnly }) => [target.replace(`${directory}/`, ''), typeOnly])).toEqual([
    ['b.ts', true],
    ['npm-thing', false],
    ['b.ts', false],
    ['b.ts', false],
    ['node:fs', false],
  ])
})

test('a circle of run-time imports is found; one of types is not', () => {
  const ring = [imports('a.ts', 'b.ts'), imports('b.ts', 'c.ts'), imports('c.ts', 'a.ts')]
  expect(circles(ring)).toEqual([['a.ts', 'b.ts', 'c.ts', 'a.ts']])
  expect(circles(ring.map((item, index) => ({ ...item, typeOnly: index === 2 })))).toEqual([])
})
