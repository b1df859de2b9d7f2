import { globSync, readFileSync } from 'node:fs'
import { circles, importsOf } from './house/imports.ts'
import { violation } from './house/layers.ts'

/**
 * The rules of the house that no compiler knows: which room may import which, no circles, no clock, timer, random source
 * or environment outside `runtime`, `testkit`, `apps` and `bench`, and no file above 500 lines.
 */
const sources = globSync('{packages,apps}/*/{src,test}/**/*.ts').filter((path) => !path.includes('/fixtures/'))

const ambient =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bprocess\.(hrtime|env|uptime)\b|(?<!\.)\bset(Timeout|Interval|Immediate)\(|\bMath\.random\(|\brandom(UUID|Bytes|Int)\(/

function layerProblems(): string[] {
  const imports = sources.flatMap(importsOf)
  const rooms = new Set(sources.map((path) => path.split('/').slice(0, 2).join('/')))
  const seen = new Set(imports.map(({ from }) => from)).size
  console.log(
    `layers: ${sources.length} modules in ${rooms.size} rooms, ${imports.length} imports of ${seen} modules checked`,
  )
  // A checker that reads nothing finds nothing: most modules import something.
  const blind = sources.length < 100 || seen < sources.length * 0.7 ? ['the layer check did not see the house'] : []
  return [
    ...blind,
    ...imports.flatMap((item) => {
      const reason = violation(item)
      return reason ? [`${item.from} imports ${item.target}: ${reason}`] : []
    }),
    ...circles(imports).map((files) => `circle: ${files.join(' -> ')}`),
  ]
}

function ambientProblems(): string[] {
  const watched = sources.filter(
    (path) => /^packages\/(?!runtime\/|testkit\/)[^/]+\/src\//.test(path) && !path.endsWith('.test.ts'),
  )
  return watched.flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        ambient.test(line.replace(/^\s*(\*|\/\/).*/, ''))
          ? [`${path}:${index + 1}: reads clock, timer, random source or environment`]
          : [],
      ),
  )
}

function sizeProblems(): string[] {
  return sources.flatMap((path) => {
    const lines = readFileSync(path, 'utf8').split('\n').length
    return lines > 500 ? [`${path}: ${lines} lines, 500 is the limit`] : []
  })
}

const problems = [...layerProblems(), ...ambientProblems(), ...sizeProblems()]
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
