import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readSettings } from './settings.ts'

const home = mkdtempSync(join(tmpdir(), 'parley-cli-home-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

function file(name: string, content: unknown, mode = 0o600): string {
  const path = join(home, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  chmodSync(path, mode)
  return path
}

const key = { PARLEY_SECRET_ID: 'id', PARLEY_SECRET_KEY: 'key' }

test('the environment alone is enough; the address loses its last slash', () => {
  expect(readSettings({ ...key, HOME: home, PARLEY_URL: 'https://calls.example.com/' })).toEqual({
    ...{ url: 'https://calls.example.com', secretId: 'id', secretKey: 'key', sdkAppId: undefined, warnings: [] },
  })
})

test('a file fills in what the environment leaves open', () => {
  const path = file('own.json', {
    url: 'http://10.0.0.1:8080',
    secretId: 'file',
    secretKey: 'file',
    sdkAppId: 1400000001,
  })
  const settings = readSettings({ PARLEY_CLI_CONFIG: path, PARLEY_SECRET_ID: 'id' })
  expect(settings).toMatchObject({
    url: 'http://10.0.0.1:8080',
    secretId: 'id',
    secretKey: 'file',
    sdkAppId: 1400000001,
  })
  mkdirSync(join(home, '.config', 'parley'), { recursive: true })
  file('.config/parley/cli.json', { secretId: 'home', secretKey: 'home' })
  expect(readSettings({ HOME: home })).toMatchObject({ secretId: 'home', url: 'http://127.0.0.1:8080' })
})

test('a file that others can read is named', () => {
  const path = file('open.json', { secretId: 'a', secretKey: 'b' }, 0o644)
  expect(readSettings({ PARLEY_CLI_CONFIG: path }).warnings).toEqual([expect.stringContaining(`chmod 600 ${path}`)])
})

test.each([
  [{ HOME: '/nonexistent' }, 'PARLEY_SECRET_ID'],
  [{ ...key, PARLEY_URL: 'calls.example.com' }, 'PARLEY_URL'],
  [{ ...key, PARLEY_SDK_APP_ID: 'mine' }, 'PARLEY_SDK_APP_ID'],
  [{ PARLEY_CLI_CONFIG: '/nonexistent/file' }, 'PARLEY_CLI_CONFIG'],
  [{ PARLEY_CLI_CONFIG: file('broken.json', '{') }, 'broken.json'],
  [{ PARLEY_CLI_CONFIG: file('typo.json', { secretid: 'x' }) }, 'secretid is none of'],
])('%j is refused by name', (environment, named) => {
  expect(() => readSettings(environment)).toThrow(named)
})
