import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { CallReport } from '@parley/callee'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quantile, receivedPace } from './packet-pace.ts'
import { finishedCdr, until } from './placed-call.ts'
import { saysGoodbye, startTestHouse, type TestHouse } from './test-house.ts'

const calls = 20
/** Room for one wave and two calls more; released ports rest for two seconds, so the second wave has to wait. */
const rtpPorts = { from: 22_000 + (process.pid % 40) * 100, count: 2 * calls + 4 }

let house: TestHouse

beforeAll(async () => {
  house = await startTestHouse(
    {
      '0001': saysGoodbye,
    },
    { environment: { PARLEY_RTP_PORTS: `${rtpPorts.from}-${rtpPorts.from + rtpPorts.count - 1}` } },
  )
})
afterAll(() => house?.[Symbol.asyncDispose]())

async function wave(): Promise<readonly CallReport[]> {
  const from = house.seen.length
  const sessions = await Promise.all(Array.from({ length: calls }, () => house.call('0001')))
  const cdrs = await Promise.all(sessions.map((session) => finishedCdr(house.client, session, 60_000)))
  for (const cdr of cdrs) {
    expect(cdr).toMatchObject({ EndStatusString: 'ok', SysHangupReasonString: 'functionCallHangup' })
    expect(cdr.AcceptTimestamp).toBeTruthy()
    expect(cdr.RecordURL).toBeTruthy()
  }
  const reports = await Promise.all(house.seen.slice(from).map(({ call }) => call.ended))
  expect(reports).toHaveLength(calls)
  return reports
}

/** Open files of the engine, and which of them are UDP sockets. */
function openFiles(): { readonly all: number; readonly udp: number } {
  const folder = `/proc/${house.engine.child.pid}/fd`
  const udp = new Set(
    readFileSync('/proc/net/udp', 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[9]),
  )
  const targets = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`)
    } catch {
      return ''
    }
  })
  const inodes = targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1])
  return { all: targets.length, udp: inodes.filter((inode) => inode !== undefined && udp.has(inode)).length }
}

async function canBind(port: number): Promise<boolean> {
  const socket = createSocket('udp4')
  try {
    socket.bind({ address: '127.0.0.1', port, exclusive: true })
    await once(socket, 'listening')
    return true
  } catch {
    return false
  } finally {
    socket.close()
  }
}

test('twenty calls at once are all answered, talk and end as scripted, again and again on the same few ports', async () => {
  // One call first: pools and caches are filled once.
  await finishedCdr(house.client, await house.call('0001'), 30_000)
  const { udp } = openFiles()
  const files: number[] = []

  for (const name of ['first', 'second']) {
    const reports = await wave()
    const paces = reports.map((report) => {
      expect(report.problems).toEqual([])
      expect(report.endedBy).toBe('peer')
      expect(report.heard.length).toBeGreaterThanOrEqual(2)
      return receivedPace(report.packetsPath ?? '')
    })
    for (const pace of paces) {
      expect(pace).toMatchObject({ sequenceBreaks: 0, timestampBreaks: 0 })
      // 1 %, and what the arrival of the first and the last packet may be late on a busy machine.
      expect(Math.abs(pace.packets + pace.skipped - pace.durationMs / 20)).toBeLessThan(pace.packets * 0.01 + 10)
      expect(Math.abs(pace.mediaMs - pace.durationMs)).toBeLessThan(500)
    }
    const spacings = paces.flatMap(({ spacingsMs }) => spacingsMs).toSorted((a, b) => a - b)
    const v2v = reports.flatMap(({ spoken }) => spoken.map(({ v2vMs }) => v2vMs ?? 0)).toSorted((a, b) => a - b)
    const skipped = paces.reduce((sum, pace) => sum + pace.skipped, 0)
    console.info(
      `${name} wave: ${spacings.length} packets, ${skipped} skipped, spacing p50 ${quantile(spacings, 0.5).toFixed(2)} p99 ${quantile(spacings, 0.99).toFixed(2)} max ${quantile(spacings, 1).toFixed(1)} ms, voice to voice p50 ${quantile(v2v, 0.5)} p95 ${quantile(v2v, 0.95)} ms`,
    )
    await until('the sockets of the calls to be closed', 5_000, async () => openFiles().udp === udp || undefined)
    files.push(openFiles().all)
  }

  // Connections that are kept for the next call are there after the first wave already.
  expect(files[1]).toBeLessThanOrEqual((files[0] ?? 0) + 15)
  for (let port = rtpPorts.from; port < rtpPorts.from + rtpPorts.count; port += 1)
    expect(await canBind(port), `port ${port} is free again`).toBe(true)
}, 120_000)
