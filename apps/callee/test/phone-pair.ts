import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type CallReport, type Phone, type PhoneOptions, type PlaceCallOptions, startPhone } from '../src/index.ts'

/** A directory that vanishes with the test. */
export async function makeDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'callee-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

const loopback = { host: '127.0.0.1', port: 0, script: {} }

/** A phone on loopback that is closed with the test. */
export async function openPhone(options: Partial<PhoneOptions>): Promise<Phone> {
  const phone = await startPhone({ ...loopback, ...options })
  onTestFinished(() => phone.close())
  return phone
}

/** One call from a phone to another; both reports. */
export async function callBetween(
  callee: Partial<PhoneOptions>,
  caller: Omit<PlaceCallOptions, 'to' | 'user'>,
  options: Partial<PhoneOptions> = {},
): Promise<{ readonly callee: CallReport; readonly caller: CallReport }> {
  await using answering = await startPhone({ ...loopback, ...callee })
  await using calling = await startPhone({ ...loopback, ...options })
  const placed = await calling.placeCall({ to: `127.0.0.1:${answering.port}`, user: '1000', ...caller })
  const taken = await answering.nextCall(5000)
  const [calleeReport, callerReport] = await Promise.all([taken.ended, placed.ended])
  return { callee: calleeReport, caller: callerReport }
}

/** Labels of the SIP log in order, e.g. `sent INVITE`. */
export function labels(report: CallReport): string[] {
  return report.sipLog.map(({ direction, label }) => `${direction} ${label}`)
}
