import { readFileSync, writeFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { managementHouse } from './management-house.ts'

const file = new URL('../../../docs/openapi.json', import.meta.url)

test('docs/openapi.json is what the server answers to anybody (UPDATE_DOCS=1 rewrites it)', async () => {
  const answer = await managementHouse().api.server.inject('/v1/openapi.json')
  expect(answer.statusCode).toBe(200)
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, `${JSON.stringify(answer.json(), null, 2)}\n`)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(answer.json())
})

test('the document is OpenAPI 3.1 and its references lead somewhere', async () => {
  const document = JSON.parse(readFileSync(file, 'utf8'))
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    expect(document.components.schemas).toHaveProperty(name ?? '')
  }
})

test('every route has a line of its own, and ids of operations are unique', async () => {
  const { routes } = managementHouse().api
  const { paths } = JSON.parse(readFileSync(file, 'utf8'))
  const ids = routes.map(({ method, path }) => paths[path][method.toLowerCase()].operationId)
  expect(new Set(ids).size).toBe(routes.length)
})
