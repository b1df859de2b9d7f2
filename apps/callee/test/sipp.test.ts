import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { makeDirectory, openPhone } from './phone-pair.ts'

const program = 'sipp'
const hasSipp = spawnSync(program, ['-v']).error === undefined

/** A UDP port that was free a moment ago; SIPp cannot be asked which one it took. */
async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

async function startSipp(args: readonly string[]) {
  const cwd = await makeDirectory()
  const common = ['-i', '127.0.0.1', '-mi', '127.0.0.1', '-nostdin', '-timeout', '20s', '-timeout_error']
  const child = spawn(program, [...args, ...common], { cwd, stdio: 'ignore' })
  onTestFinished(() => {
    child.kill()
  })
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null }))
  return { ended }
}

test.skipIf(!hasSipp)('SIPp calls the phone ten times', { timeout: 25_000 }, async () => {
  const phone = await openPhone({ script: { answer: { after: 50 }, codec: 'pcmu', ends: 'peer' } })
  const args = ['-sn', 'uac', `127.0.0.1:${phone.port}`, '-p', String(await freePort())]
  const sipp = await startSipp([...args, '-m', '10', '-r', '20', '-d', '200'])
  const reports = []
  for (let i = 0; i < 10; i += 1) reports.push(await (await phone.nextCall(10_000)).ended)
  expect((await sipp.ended).code).toBe(0)
  for (const report of reports) expect(report).toMatchObject({ outcome: 'completed', endedBy: 'peer' })
})

test.skipIf(!hasSipp)('the phone calls SIPp and hears its own words come back', { timeout: 25_000 }, async () => {
  const phone = await openPhone({})
  const [sipPort, mediaPort] = [await freePort(), await freePort()]
  const args = ['-sn', 'uas', '-p', String(sipPort), '-mp', String(mediaPort & ~1), '-rtp_echo', '-m', '1']
  const sipp = await startSipp(args)
  const steps = [{ say: { clip: 'cards-001.wav' } }, { wait: { heard: 'end' as const, silence: 200 } }]
  // SIPp may still be starting; the repeated INVITE finds it.
  const call = await phone.placeCall({ to: `127.0.0.1:${sipPort}`, user: 'service', script: { codec: 'pcmu', steps } })
  const report = await call.ended
  expect(report).toMatchObject({ outcome: 'completed', endedBy: 'phone' })
  expect(report.packetsIn).toBeGreaterThan(40)
  const lateMs = ((report.heard[0]?.startNs ?? 0) - (report.spoken[0]?.firstPacketSentNs ?? 0)) / 1e6
  expect(lateMs).toBeGreaterThan(0)
  expect(lateMs).toBeLessThan(300)
  expect((await sipp.ended).code).toBe(0)
})
