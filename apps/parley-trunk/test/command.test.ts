import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startCommand } from '@parley/testkit'
import { afterAll, expect, test } from 'vitest'
import { openGateway } from './support/scripted-gateway.ts'

const mainFile = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'parley-trunk-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  startCommand(mainFile, args, { cwd: folder, environment: { PARLEY_BIND_HOST: '127.0.0.1', ...environment } }).ended

function configured(name: string, trunks: readonly Readonly<Record<string, unknown>>[]): string {
  const applications = [{ sdkAppId: 1, keys: [{ secretId: 'id', secretKey: 'key' }] }]
  const all = trunks.map((trunk) => ({ numbers: ['+8675500000001'], ...trunk }))
  writeFileSync(join(folder, name), JSON.stringify({ applications, trunks: all }))
  return name
}

test.each([
  [['check', '--nonsense'], 'nonsense'],
  [['check', '--config', 'missing.yaml'], 'missing.yaml does not exist'],
  [['ladder', 'x'], 'PARLEY_SECRET_ID'],
])('the command %j ends with 2 and says why', async (args, why) => {
  const { code, stdout, stderr } = await run(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(why)
})

test('a trunk that is not in the file ends with 2 and names those that are', async () => {
  const config = configured('named.yaml', [{ name: 'carrier', gateways: [{ host: '127.0.0.1' }] }])
  const { code, stderr } = await run(['check', 'other', '--config', config])
  expect(code).toBe(2)
  expect(stderr).toContain('no trunk other; it has carrier')
})

test('a wrong file ends with 1 and names the keys', async () => {
  const config = configured('wrong.yaml', [{ name: 'carrier', gateways: [{ host: '127.0.0.1', port: 0 }] }])
  const { code, stdout } = await run(['check', '--config', config])
  expect(code).toBe(1)
  expect(stdout).toContain('trunks[0].gateways[0].port')
  const { ok, configuration } = JSON.parse((await run(['check', '--config', config, '--json'])).stdout)
  expect({ ok, count: configuration.length }).toEqual({ ok: false, count: 1 })
})

test('a trunk in order ends with 0, a broken one with 1, for people and for machines', async () => {
  const answering = (asked: { method: string }) => (asked.method === 'OPTIONS' ? [{ status: 200, reason: 'OK' }] : [])
  await using good = await openGateway('udp', answering)
  await using bad = await openGateway('udp', () => [{ status: 403, reason: 'Forbidden' }])
  const auth = { kind: 'digest', username: 'alice', password: 'open-sesame' }
  const config = configured('parley.yaml', [
    { name: 'good', gateways: [{ host: '127.0.0.1', port: good.port }] },
    { name: 'bad', gateways: [{ host: '127.0.0.1', port: bad.port }], auth },
  ])
  const healthy = await run(['check', 'good'])
  expect(healthy).toMatchObject({ code: 0, stderr: '' })
  expect(healthy.stdout).toMatch(/trunk good\n {2}gateway 127\.0\.0\.1:\d+\n {4}ok {4}options {7}200 OK\.\n/)
  const broken = await run(['check', '--json', '--config', config])
  expect(broken).toMatchObject({ code: 1, stderr: '' })
  const { ok, trunks } = JSON.parse(broken.stdout)
  expect(ok).toBe(false)
  expect(trunks[1].gateways[0].findings[0]).toMatchObject({ step: 'options', verdict: 'wrong', cause: 'not-allowed' })
  expect(broken.stdout).not.toContain('open-sesame')
  const people = await run(['check', 'bad'])
  expect(people.stdout).toMatch(/WRONG options +403 Forbidden/)
})

test('a port that another program holds ends with 2', async () => {
  await using other = await openGateway('udp', () => [])
  const config = configured('port.yaml', [{ name: 'carrier', gateways: [{ host: '127.0.0.1', port: other.port }] }])
  const { code, stderr } = await run(['check', '--config', config, '--port', String(other.port)])
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `Port ${other.port} is in use: stop the engine, or leave --port out.\n`,
  })
})

test('the ladder of a call is printed, and a refusal explained', async () => {
  const server = createServer((request, response) => {
    const basic = Buffer.from('id:key').toString('base64')
    if (request.headers.authorization !== `Basic ${basic}`) response.writeHead(401).end()
    else if (request.url === '/v1/calls/abc/sip?format=text') response.end('   0.000  Parley |--INVITE-->| udp')
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const key = { PARLEY_SECRET_ID: 'id', PARLEY_SECRET_KEY: 'key' }
  expect(await run(['ladder', 'abc', '--url', url], key)).toMatchObject({
    code: 0,
    stdout: '   0.000  Parley |--INVITE-->| udp\n',
  })
  expect((await run(['ladder', 'other', '--url', url], key)).stderr).toContain('No messages of call other')
  expect((await run(['ladder', 'abc', '--url', url], { ...key, PARLEY_SECRET_KEY: 'no' })).stderr).toContain(
    'key of app',
  )
  server.close()
  await once(server, 'close')
  const gone = await run(['ladder', 'abc', '--url', url], key)
  expect(gone.code).toBe(1)
  expect(gone.stderr).toContain('No engine answers')
})
