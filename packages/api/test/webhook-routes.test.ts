import { expect, test } from 'vitest'
import { someCallId } from './api-house.ts'
import { FakeWebhooks } from './fake-webhooks.ts'
import { managementHouse } from './management-house.ts'

const wanted = { name: 'CRM', url: 'https://crm.example.com/calls?x=1', events: ['call.ended', 'recording.ready'] }
const pushed = { name: 'old', url: 'https://old.example.com/push', format: 'ccc', events: ['record', 'cdr'] }
const auth = { username: 'parley', password: 'secret-of-the-push' }

function house(options: Parameters<typeof managementHouse>[0] = {}) {
  const book = new FakeWebhooks()
  const { ask, management } = managementHouse({ webhooks: book, allowPrivateUrls: false, ...options })
  return { book, management, ask: (...rest: Tail) => ask('admin', ...rest) }
}
type Tail = Parameters<ReturnType<typeof managementHouse>['ask']> extends [unknown, ...infer Rest] ? Rest : never

test('a webhook shows its secret when it is made and when it is rotated, and never else', async () => {
  const { ask } = house()
  const made = await ask('POST', '/v1/webhooks', { body: wanted })
  expect([made.statusCode, made.headers.location]).toEqual([201, `/v1/webhooks/${made.json().id}`])
  expect(made.json()).toMatchObject({
    ...wanted,
    format: 'standard',
    timeoutMs: 10_000,
    enabled: true,
    declared: false,
  })
  expect(made.json().secret).toBe('whsec_1')
  const address = `/v1/webhooks/${made.json().id}`
  const rotated = await ask('POST', `${address}/rotate`, { body: { graceS: 60 } })
  expect([rotated.statusCode, rotated.json().secret]).toEqual([200, 'whsec_2'])
  expect(rotated.json().oldSecretUntil).toBe('1970-01-01T00:01:00.000Z')
  const shown = await ask('GET', address)
  expect(shown.json().name).toBe('CRM')
  for (const answer of [shown, await ask('GET', '/v1/webhooks')]) expect(answer.body).not.toContain('whsec_')
})

test('a data push has the words of its format, a password that nobody is shown, and neither secret nor test', async () => {
  const { ask, book, management } = house()
  const made = await ask('POST', '/v1/webhooks', { body: { ...pushed, auth } })
  expect(made.json()).toMatchObject({ format: 'ccc', events: ['cdr', 'record'], username: 'parley' })
  expect(made.json().secret).toBeUndefined()
  expect(book.passwords).toEqual([auth.password])
  expect(book.rows.get(made.json().id)?.events).toEqual(['recording.ready', 'call.ended'])
  const address = `/v1/webhooks/${made.json().id}`
  for (const verb of ['rotate', 'test'])
    expect((await ask('POST', `${address}/${verb}`, { body: {} })).statusCode).toBe(409)
  expect(made.body + JSON.stringify(management.entries)).not.toContain(auth.password)
  // Who cannot see the password cannot have it sent elsewhere either.
  const elsewhere = { url: 'https://elsewhere.example.com/push' }
  expect((await ask('PATCH', address, { body: elsewhere, ifMatch: '*' })).json().errors[0].field).toBe('auth')
  expect((await ask('PATCH', address, { body: { url: `${pushed.url}/2` }, ifMatch: '*' })).statusCode).toBe(200)
  expect((await ask('PATCH', address, { body: { ...elsewhere, auth }, ifMatch: '*' })).statusCode).toBe(200)
})

test.each([
  [{ ...wanted, url: 'ftp://crm.example.com/' }, 'url'],
  [{ ...wanted, url: 'https://user:word@crm.example.com/' }, 'url'],
  [{ ...wanted, url: 'http://127.0.0.1/' }, 'url'],
  [{ ...wanted, url: 'http://[::ffff:10.0.0.1]/' }, 'url'],
  [{ ...wanted, url: 'http://169.254.169.254/latest' }, 'url'],
  [{ ...wanted, events: ['cdr'] }, 'events'],
  [{ ...wanted, events: ['webhook.test'] }, 'events.0'],
  [{ ...wanted, events: [] }, 'events'],
  [{ ...wanted, auth }, 'auth'],
  [{ ...pushed, events: ['call.ended'] }, 'events'],
  [{ ...pushed, auth: { ...auth, username: 'a:b' } }, 'auth.username'],
  [{ ...wanted, timeoutMs: 999 }, 'timeoutMs'],
  [{ ...wanted, secret: 'whsec_AAAA' }, 'secret'],
])('%j is refused for its %s', async (body, field) => {
  const { ask, book } = house()
  const before = book.rows.size
  const answer = await ask('POST', '/v1/webhooks', { body })
  expect([answer.statusCode, answer.json().errors[0].field]).toEqual([400, field])
  expect(book.rows.size).toBe(before)
})

test('private addresses are taken where the operator allows them', async () => {
  const { ask } = house({ allowPrivateUrls: true })
  expect((await ask('POST', '/v1/webhooks', { body: { ...wanted, url: 'http://127.0.0.1/' } })).statusCode).toBe(201)
})

test('declared ones are shown and refused to change; a full application has no room', async () => {
  const { ask, book } = house()
  expect((await ask('GET', '/v1/webhooks/crm')).json()).toMatchObject({ id: 'crm', declared: true })
  const body = { name: 'x' }
  const changes = [
    await ask('PATCH', '/v1/webhooks/crm', { body, ifMatch: '*' }),
    await ask('DELETE', '/v1/webhooks/crm'),
    ...(await Promise.all(
      ['rotate', 'enable', 'disable'].map((verb) => ask('POST', `/v1/webhooks/crm/${verb}`, { body: {} })),
    )),
  ]
  expect(changes.map(({ statusCode }) => statusCode)).toEqual(Array(5).fill(409))
  expect(changes[0]?.json().title).toBe('the webhook is declared in parley.yaml')
  expect((await ask('POST', '/v1/webhooks/crm/test')).statusCode).toBe(202)
  book.most = 2
  const full = await ask('POST', '/v1/webhooks', { body: wanted })
  expect([full.statusCode, full.json().title]).toEqual([409, 'the application has as many webhooks as it may have'])
})

test('one is changed for its version, switched off and on, and deleted', async () => {
  const { ask } = house()
  const address = `/v1/webhooks/${someCallId}`
  const { headers } = await ask('GET', address)
  expect((await ask('PATCH', address, { body: { name: 'a' } })).statusCode).toBe(428)
  const changed = await ask('PATCH', address, { body: { name: 'a' }, ifMatch: String(headers.etag) })
  expect(changed.json()).toMatchObject({ name: 'a', events: ['call.ended'] })
  expect((await ask('PATCH', address, { body: { name: 'b' }, ifMatch: String(headers.etag) })).statusCode).toBe(412)
  expect((await ask('POST', `${address}/disable`)).json().enabled).toBe(false)
  const off = await ask('POST', `${address}/test`)
  expect([off.statusCode, off.json().title]).toEqual([409, 'the webhook is switched off'])
  expect((await ask('POST', `${address}/enable`)).json().enabled).toBe(true)
  expect((await ask('DELETE', address)).statusCode).toBe(204)
  expect((await ask('GET', address)).statusCode).toBe(404)
})

test('deliveries come page by page', async () => {
  const { ask, book } = house()
  const id = (count: number) => `00000000-0000-4000-8000-00000000000${count}`
  for (let count = 0; count < 3; count += 1) {
    book.sent.push({ id: id(count), event: 'webhook.test', state: 'dead', tries: 1, occurredAtMs: 9, status: 500 })
  }
  const address = '/v1/webhooks/crm/deliveries'
  const first = (await ask('GET', `${address}?limit=2`)).json()
  expect(first.deliveries).toMatchObject([
    { id: id(0), status: 500, occurredAt: '1970-01-01T00:00:00.009Z' },
    { id: id(1) },
  ])
  const second = (await ask('GET', `${address}?limit=2&cursor=${first.nextCursor}`)).json()
  expect(second.deliveries).toMatchObject([{ id: id(2) }])
  expect(second.nextCursor).toBeUndefined()
  for (const cursor of ['x', Buffer.from('9 nothing').toString('base64url')]) {
    expect((await ask('GET', `${address}?cursor=${cursor}`)).statusCode).toBe(400)
  }
})
