import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { answered, finishedCdr, until } from './placed-call.ts'
import { saysGoodbye, startTestHouse } from './test-house.ts'

/** The answer to an OPTIONS from the address of the trunk's gateway. */
async function askBySip(sipPort: number): Promise<string> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const lines = [
    `OPTIONS sip:127.0.0.1:${sipPort} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${port}`,
    `From: <sip:gateway@127.0.0.1>;tag=1`,
    `To: <sip:parley@127.0.0.1>`,
    `Call-ID: ${port}@127.0.0.1`,
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    '',
  ]
  socket.send(lines.join('\r\n'), sipPort, '127.0.0.1')
  const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(3_000) })
  socket.close()
  return String(answer)
}

test('an engine told to stop drains: it says so to whoever asks, its call goes on to the end, the figures are there', async () => {
  await using house = await startTestHouse({ '0001': saysGoodbye }, { environment: { PARLEY_DRAIN_S: '60' } })
  const { httpPort, sipPort } = house.engine
  const get = (path: string) => fetch(`http://127.0.0.1:${httpPort}${path}`)
  expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', problems: [], warnings: [] })
  expect(await askBySip(sipPort)).toMatch(/^SIP\/2\.0 200 /)

  const session = await house.call('0001')
  await answered(house.client, session)
  const stopped = house.engine.stop()
  const ready = await until('draining', 5_000, async () => {
    const answer = await get('/readyz')
    return answer.status === 503 ? answer : undefined
  })
  expect(((await ready.json()) as { problems: string[] }).problems).toEqual(['draining: no further calls are taken'])
  expect((await get('/healthz')).status).toBe(200)
  const refusal = await askBySip(sipPort)
  expect(refusal).toMatch(/^SIP\/2\.0 503 /)
  expect(refusal).toMatch(/^retry-after: *\d+/im)

  const text = await (await get('/metrics')).text()
  for (const line of [
    'parley_draining 1',
    'parley_calls_live 1',
    'parley_calls_started_total{direction="outbound"} 1',
    'parley_call_setup_seconds_count{to="answered"} 1',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).toMatch(/parley_sip_gateway_up\{trunk="phone",gateway="udp:127\.0\.0\.1:\d+"\} 1/)
  expect(text).toMatch(/parley_database_connections\{state="idle"\} \d/)
  expect(text).not.toContain('1300000')

  expect(await stopped).toBe(0)
  await house.restart()
  expect(await finishedCdr(house.client, session, 5_000)).toMatchObject({ EndStatusString: 'ok' })
}, 90_000)
