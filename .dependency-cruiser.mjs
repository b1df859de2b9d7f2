/** What each package may import, beside npm packages of its own. Tests may also import testkit. */
const mayImport = {
  core: [],
  media: ['core'],
  conversation: ['core'],
  call: ['core', 'conversation'],
  sip: ['core'],
  providers: ['core'],
  store: ['core'],
  api: ['core'],
  runtime: ['core'],
  testkit: ['core'],
}

const isTest = '(\\.test\\.ts$|/test/)'

const layerRules = Object.entries(mayImport).map(([name, allowed]) => ({
  name: `layer-${name}`,
  comment: `packages/${name} may import ${allowed.length > 0 ? allowed.join(', ') : 'no other package'}`,
  severity: 'error',
  from: { path: `^packages/${name}/src`, pathNot: isTest },
  to: {
    path: '^(packages|apps|bench)/',
    pathNot: [`^packages/${name}/`, ...allowed.map((other) => `^packages/${other}/`)],
  },
}))

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'layer-tests',
      comment: 'tests of a package may import what the package may, testkit, runtime and the simulated phone',
      severity: 'error',
      from: { path: `^packages/.*${isTest}` },
      to: { path: '^(apps/(?!callee)|bench)/' },
    },
    {
      name: 'core-imports-nothing',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: isTest },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'turn-is-pure',
      comment: 'the turn reducer sees core types and its own folder only',
      severity: 'error',
      from: { path: '^packages/conversation/src/turn', pathNot: isTest },
      to: { pathNot: ['^packages/core/', '^packages/conversation/src/turn'] },
    },
    {
      name: 'conversation-runs-anywhere',
      comment: 'from a script, a browser microphone or an eval: no Node modules',
      severity: 'error',
      from: { path: '^packages/conversation/src', pathNot: isTest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'media-arithmetic-is-pure',
      comment: 'only the sockets, files and threads of media touch Node',
      severity: 'error',
      from: { path: '^packages/media/src/(rtp|sdp|codec|dsp|playout)/', pathNot: isTest },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'callee-is-a-witness',
      comment: 'the simulated phone shares no code with the engine it measures',
      severity: 'error',
      from: { path: '^apps/callee/' },
      to: { path: '^packages/' },
    },
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules|fixtures)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['development', 'import', 'node', 'default'],
    },
  },
}
