import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseConfigFile } from './config-file.ts'

const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const sources = { environment: { MODEL_KEY: secret, CRM_WEBHOOK_SECRET: secret }, readText: () => secret }
/** Keys that a file without them does not get. */
const withoutDefault = ['inbound', 'answeringMachine']

test('the file that docs/configuration.md begins with is a valid one, and has every key', () => {
  const { file, problems } = parseConfigFile(example, sources)
  expect(problems).toEqual([])
  const shown = Object.keys(parse(example))
  expect([...Object.keys(file ?? {}), ...withoutDefault].filter((key) => !shown.includes(key))).toEqual([])
})

test('the example of agents that hand callers on is a valid file', () => {
  const text = readFileSync(new URL('../../../examples/agents/two-desks.yaml', import.meta.url), 'utf8')
  expect(parseConfigFile(text, sources).problems).toEqual([])
})
