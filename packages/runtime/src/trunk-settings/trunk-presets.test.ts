import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseConfigFile } from '../config-file.ts'
import { noSources } from './secret-source.ts'
import { trunkSettings } from './trunk-settings.ts'

const folder = new URL('../../../../examples/trunks/', import.meta.url)
const presets = readdirSync(folder)
const sources = {
  environment: { CARRIER_B_PASSWORD: 'secret', PBX_PASSWORD: 'secret' },
  readText: () => 'secret',
}

test('there is a preset for each kind of trunk', () => {
  expect(presets.toSorted()).toEqual([
    'china-carrier.yaml',
    'digest.yaml',
    'ip-allowlist.yaml',
    'pbx-registration.yaml',
    'tls-srtp.yaml',
  ])
})

test.each(presets)('%s is a file the engine takes', (name) => {
  expect(parseConfigFile(readFileSync(new URL(name, folder), 'utf8'), sources).problems).toEqual([])
})

test('every key of a trunk is in docs/trunks.md, under its own name', () => {
  const docs = readFileSync(new URL('../../../../docs/trunks.md', import.meta.url), 'utf8')
  const keys = Object.keys(trunkSettings(noSources).shape)
  expect(keys.length).toBeGreaterThan(25)
  const missing = keys.filter((key) => !new RegExp(`\`[^\`]*\\b${key}\\b`).test(docs))
  expect(missing).toEqual([])
})
