import { expect, test } from 'vitest'
import { parseConfigFile } from './config-file.ts'

const good = `
applications: [{ sdkAppId: 1, keys: [{ secretId: a, secretKey: b }] }, { sdkAppId: 2, keys: [{ secretId: c, secretKey: d }] }]
trunks:
  - name: t
    sdkAppIds: [1, 2]
    gateways: [{ host: sip.test }]
    numbers: [{ number: "+1555", sdkAppIds: [1] }, { number: "+1556", assistant: sales, sdkAppIds: [2] }]
assistants:
  sales: { sdkAppId: 2, transfers: [{ function: f, description: d, skillGroup: 7 }], llm: { url: "http://m", apiKey: k } }
skillGroups: [{ id: 7, name: g, sdkAppIds: [2], targets: [{ number: "12", trunk: t }] }]
`

const problemsWith = (from: string, to: string) => {
  expect(good).toContain(from)
  return parseConfigFile(good.replace(from, to)).problems
}

test('trunks, numbers and skill groups may be for some applications', () => {
  const { file, problems } = parseConfigFile(good)
  expect(problems).toEqual([])
  expect(file?.trunks[0]?.numbers.map(({ sdkAppIds }) => sdkAppIds)).toEqual([[1], [2]])
})

test.each([
  ['sdkAppIds: [1, 2]', 'sdkAppIds: [1, 2, 3]', 'trunks[0].sdkAppIds[2]: must be one of applications'],
  ['sdkAppIds: [1, 2]', 'sdkAppIds: []', 'trunks[0].sdkAppIds: must have at least one entry'],
  ['sdkAppIds: [1, 2]', 'sdkAppIds: [2, 2]', 'trunks[0].sdkAppIds: names an application twice'],
  [
    'sales, sdkAppIds: [2]',
    'sales, sdkAppIds: [2, 9]',
    'trunks[0].numbers[1].sdkAppIds[1]: must be one of applications',
  ],
  [
    'assistant: sales, sdkAppIds: [2]',
    'assistant: sales, sdkAppIds: [1]',
    'trunks[0].numbers[1].assistant: belongs to application 2, which the number is not for',
  ],
  ['name: g, sdkAppIds: [2]', 'name: g, sdkAppIds: [4]', 'skillGroups[0].sdkAppIds[0]: must be one of applications'],
  [
    'name: g, sdkAppIds: [2]',
    'name: g, sdkAppIds: [1, 2]',
    'skillGroups[0].targets[0].trunk: has no number that is for all applications of the group',
  ],
  [
    'name: g, sdkAppIds: [2]',
    'name: g, sdkAppIds: [1]',
    'assistants.sales.transfers[0].skillGroup: is not for application 2',
  ],
])('%s may not be %s', (from, to, problem) => {
  expect(problemsWith(from, to)).toContain(problem)
})

test('a number is for no application that its trunk is not for', () => {
  expect(problemsWith('sdkAppIds: [1, 2]', 'sdkAppIds: [1]')).toEqual([
    'trunks[0].numbers[1].sdkAppIds: must be among those of the trunk',
    'trunks[0].numbers[1].assistant: belongs to application 2, which the number is not for',
    'skillGroups[0].targets[0].trunk: has no number that is for all applications of the group',
  ])
})
