import type { Import } from './imports.ts'

/** What each package may import of the others. Tests may also import testkit, runtime and the simulated phone. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  media: ['core'],
  conversation: ['core'],
  call: ['core', 'conversation'],
  sip: ['core'],
  providers: ['core'],
  campaign: ['core'],
  store: ['core', 'campaign'],
  api: ['core', 'campaign'],
  runtime: ['core', 'campaign'],
  testkit: ['core'],
}

const forTests = ['testkit', 'runtime', 'callee']

interface Rule {
  readonly name: string
  readonly from: RegExp
  /** Targets that are refused. */
  readonly refused: RegExp
}

const rules: readonly Rule[] = [
  { name: 'core imports nothing', from: /^packages\/core\/src\//, refused: /^(?!packages\/core\/)/ },
  {
    name: 'the turn reducer sees core and its own folder only',
    from: /^packages\/conversation\/src\/turn\//,
    refused: /^(?!packages\/core\/|packages\/conversation\/src\/turn\/)/,
  },
  {
    name: 'the conversation runs anywhere: no Node modules',
    from: /^packages\/conversation\/src\//,
    refused: /^node:/,
  },
  {
    name: 'campaign rules run anywhere: no Node modules',
    from: /^packages\/campaign\/src\//,
    refused: /^node:/,
  },
  {
    name: 'only sockets, files and threads of media touch Node',
    from: /^packages\/media\/src\/(rtp|sdp|codec|playout)\//,
    refused: /^node:/,
  },
  {
    name: 'the simulated phone shares no code with the engine it measures',
    from: /^apps\/callee\//,
    refused: /^packages\//,
  },
]

const isTest = (path: string) => /\.test\.ts$|\/test\//.test(path)
const roomOf = (path: string) => path.match(/^(?:packages|apps)\/([\w-]+)\//)?.[1]

/** Why an import is not allowed, or undefined. */
export function violation({ from, target }: Import): string | undefined {
  const test = isTest(from)
  const rule = test ? undefined : rules.find((candidate) => candidate.from.test(from) && candidate.refused.test(target))
  if (rule) return rule.name
  const here = roomOf(from)
  const there = roomOf(target)
  if (!from.startsWith('packages/') || here === undefined || there === undefined || here === there) return undefined
  const allowed = [...(mayImport[here] ?? []), ...(test ? forTests : [])]
  return allowed.includes(there) ? undefined : `${here} may import ${allowed.join(', ') || 'no other package'}`
}
