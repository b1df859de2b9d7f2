import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { startS3 } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { finishedCdr, readCdr, until } from './placed-call.ts'
import { saysGoodbye, startTestHouse } from './test-house.ts'

/** Bit rate of a recording in MP3. */
const bytesPerMs = 6

test('a recording is encoded after the call, survives the death of the engine while the bucket is away, and is served from there', {
  timeout: 180_000,
}, async () => {
  const s3 = await startS3()
  onTestFinished(() => s3[Symbol.asyncDispose]())
  s3.fault = 'refuse'
  const { credentials, ...bucket } = s3.settings
  await using house = await startTestHouse(
    { '0001': saysGoodbye },
    {
      config: () => ({ recordings: { format: 'mp3', s3: bucket } }),
      environment: {
        PARLEY_S3_ACCESS_KEY_ID: credentials.accessKeyId,
        PARLEY_S3_SECRET_ACCESS_KEY: credentials.secretAccessKey.reveal(),
      },
    },
  )
  const session = await house.call('0001')
  await finishedCdr(house.client, session, 60_000)
  const local = join(house.dataDir, 'recordings')
  await until('the encoded file', 30_000, async () => (existsSync(join(local, `${session}.mp3`)) ? true : undefined))
  await until('an attempt at the bucket', 30_000, async () => (s3.seen.length > 0 ? true : undefined))
  await until('the metric of what waits', 30_000, async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${house.engine.httpPort}/metrics`)).text()
    return /parley_recordings_waiting\{stage="move"\} 1/.test(metrics) ? true : undefined
  })
  await house.engine.stop('SIGKILL')
  s3.fault = 'none'
  await house.restart()
  await until('the move', 60_000, async () => (readdirSync(local).length === 0 ? true : undefined))
  const cdr = await readCdr(house.client, session)
  const url = cdr?.RecordURL ?? ''
  expect(new URL(url).pathname).toBe(`/recordings/${session}.mp3`)
  const answer = await fetch(url)
  const file = Buffer.from(await answer.arrayBuffer())
  expect(answer.headers.get('content-type')).toBe('audio/mpeg')
  expect(file.readUInt16BE(0) & 0xfffe).toBe(0xffe2)
  const talkedMs = ((cdr?.EndedTimestamp ?? 0) - (cdr?.AcceptTimestamp ?? 0)) * 1_000
  expect(Math.abs(file.length / bytesPerMs - talkedMs)).toBeLessThan(2_000)
  const part = await fetch(url, { headers: { range: 'bytes=100-199' } })
  expect(part.status).toBe(206)
  expect(Buffer.from(await part.arrayBuffer())).toEqual(file.subarray(100, 200))
})
