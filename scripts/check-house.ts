import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'

/**
 * The rules of the house that no compiler knows: layers (by dependency-cruiser, with proof that it saw every module),
 * no clock, timer, random source or environment outside `runtime`, `testkit`, `apps` and `bench`, and no file above 500 lines.
 */
const sources = globSync('{packages,apps}/*/{src,test}/**/*.ts').filter((path) => !path.includes('/fixtures/'))

const ambient =
  /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bprocess\.(hrtime|env|uptime)\b|\bset(Timeout|Interval|Immediate)\(|\bMath\.random\(|\brandom(UUID|Bytes|Int)\(/

function layerProblems(): string[] {
  const cruise = spawnSync(
    'depcruise',
    ['packages', 'apps', '--output-type', 'json', '--config', '.dependency-cruiser.mjs'],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  )
  if (!cruise.stdout) return [`dependency-cruiser did not run: ${cruise.stderr}`]
  const result = JSON.parse(cruise.stdout) as {
    summary: { violations: { rule: { name: string }; from: string; to: string }[] }
    modules: { source: string }[]
  }
  const seen = new Set(result.modules.map((module) => module.source))
  const unseen = sources.filter((path) => !seen.has(path))
  console.log(`layers: ${sources.length - unseen.length} of ${sources.length} modules checked`)
  return [
    ...unseen.map((path) => `${path}: not seen by the layer check`),
    ...result.summary.violations.map(({ rule, from, to }) => `${from} -> ${to}: ${rule.name}`),
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
