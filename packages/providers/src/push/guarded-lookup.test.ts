import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { guardedLookup } from './guarded-lookup.ts'

const names: Readonly<Record<string, readonly string[]>> = {
  'public.example.com': ['198.51.100.7', '198.51.100.8'],
  'inside.example.com': ['198.51.100.7', '10.0.0.1'],
}
const lookup = guardedLookup(async (name) => names[name] ?? [])
const ask = (name: string) => promisify(lookup)(name, { all: true })

test('a name leads to the public addresses it has', async () => {
  const found = names['public.example.com']?.map((address) => ({ address, family: 4 }))
  expect(await ask('public.example.com')).toEqual(found)
})

test('a name with one address inside leads nowhere', async () => {
  await expect(ask('inside.example.com')).rejects.toThrow('private address')
})

test('a name that is not there leads nowhere', async () => {
  await expect(ask('gone.example.com')).rejects.toThrow('name not found')
})
