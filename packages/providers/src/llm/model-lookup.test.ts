import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { modelLookup } from './model-lookup.ts'
import { PooledFetch } from './openai/pooled-fetch.ts'

const asked: string[] = []
const guarded: LookupFunction = (hostname, options, callback) => {
  asked.push(hostname)
  if (hostname === 'inside.example.com') return callback(new Error('private address'), '', 0)
  return options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)
}
const ask = promisify(modelLookup(guarded))

test('a public name is resolved by the guard, which knows the inside', async () => {
  await expect(ask('inside.example.com', {})).rejects.toThrow('private address')
  expect(asked).toEqual(['inside.example.com'])
})

test('a name of the inside, which only the operator can have written, is resolved as the machine does', async () => {
  asked.length = 0
  expect(await ask('localhost', { all: true })).not.toEqual([])
  expect(asked).toEqual([])
})

test('requests to models ask it', async () => {
  const server = createServer((_request, response) => void response.end('hello')).listen(0, '127.0.0.1')
  using connections = new PooledFetch(modelLookup(guarded))
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const answer = await connections.fetch(`http://models.example.com:${port}/`)
  expect(await answer.text()).toBe('hello')
  await expect(connections.fetch(`http://inside.example.com:${port}/`)).rejects.toThrow('private address')
})
