import { expect, test } from 'vitest'
import { heldOutFolder, loadScenarios, parseScenarios } from './load-scenarios.ts'
import { scenarioSets } from './scenario.ts'

test('every set has scenarios, in both languages where endpointing is decided', async () => {
  const scenarios = await loadScenarios()
  for (const set of scenarioSets)
    expect(scenarios.filter((scenario) => scenario.set === set).length, set).toBeGreaterThan(3)
  for (const set of ['pauses', 'gaps', 'backchannel', 'interrupt'])
    expect(
      scenarios.some((scenario) => scenario.set === set && scenario.language === 'zh'),
      set,
    ).toBe(true)
})

test('each pause length has the same lines', async () => {
  const pauses = (await loadScenarios()).filter(({ set }) => set === 'pauses')
  const byLength = Map.groupBy(pauses, ({ tags }) => tags.pauseMs)
  expect([...byLength.keys()]).toEqual(['150', '300', '450', '600', '900', '1200'])
  const linesOf = (length: string) =>
    byLength.get(length)?.map(({ acts }) => JSON.stringify(acts.filter(({ kind }) => kind === 'say')))
  for (const length of byLength.keys()) expect(linesOf(length ?? '')).toEqual(linesOf('150'))
})

test('held-out lines are others than those of the sets, with the same pauses, and as many complete as paused', async () => {
  const heldOut = await loadScenarios(heldOutFolder)
  const linesOf = (scenarios: Awaited<ReturnType<typeof loadScenarios>>) =>
    scenarios.flatMap(({ acts }) => acts.flatMap((act) => (act.kind === 'say' ? [act.text] : [])))
  const known = new Set(linesOf(await loadScenarios()))
  expect(linesOf(heldOut).filter((line) => known.has(line))).toEqual([])
  const byLength = Map.groupBy(
    heldOut.filter(({ set }) => set === 'pauses'),
    ({ tags }) => tags.pauseMs,
  )
  const counts = ['150', '300', '450', '600', '900', '1200'].map((length) => byLength.get(length)?.length)
  const complete = heldOut.filter(({ set }) => set === 'gaps').length
  expect(counts).toEqual(counts.map(() => complete))
})

const file = (timeline: string, rest = '') => `
set: pauses
about: A test.
scenarios:
  - id: one
    ${rest}
    body:
      timeline: ${timeline}
      outcome: answered
`

test('what varies is filled in, as a value of its own or inside a text', () => {
  const scenarios = parseScenarios(
    file(
      '[{ say: "It is $name.first," }, { pause: $ms }, { say: here }]',
      'vary: { ms: [150, 900], name: [{ first: blue }] }',
    ),
    'test',
  )
  expect(scenarios.map(({ id, tags }) => [id, tags])).toEqual([
    ['one-1', { ms: '150' }],
    ['one-2', { ms: '900' }],
  ])
  expect(scenarios[1]?.acts).toEqual([
    { kind: 'say', text: 'It is blue,', clip: null, label: 'hold' },
    { kind: 'pause', ms: 900, label: 'hold' },
    { kind: 'say', text: 'here', clip: null, label: 'eot' },
  ])
})

test.each([
  ['[{ say: hello, pause: 3 }]', /test: one.*\n\s+timeline\.0: a step has exactly one key, not 2/],
  ['[{ noise: { kind: rain, ms: 100 } }]', /timeline\.0\.noise\.kind/],
  ['[{ backchannel: { kind: mhm, at: 2 } }]', /timeline\.0\.backchannel\.at/],
  ['[{ interrupt: { text: no, atWord: 1, at: 0.5 } }]', /only one of atWord, at, afterMs/],
  ['[{ dtmf: x }]', /keys are 0-9/],
  ['[]', /timeline/],
  ['[{ pause: $missing }]', /\$missing does not vary/],
])('%s is refused with its place and the reason', (timeline, reason) => {
  expect(() => parseScenarios(file(timeline), 'test')).toThrow(reason)
})
