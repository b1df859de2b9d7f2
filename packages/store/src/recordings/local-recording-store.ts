import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { type CallId, type RecordingFact, type RecordingStore, VoiceError } from '@parley/core'
import { isCallId } from '../calls/call-id-form.ts'
import { parseWavHeader } from './wav-header.ts'

/** Our writers' header has 44 bytes; other chunks before the data are allowed up to this. */
const headBytes = 4_096
const largestUint32 = 0xffff_ffff

/** Recordings as WAV files of one folder. Paths outside of it do not exist for this store. */
export class LocalRecordingStore implements RecordingStore {
  private readonly root: string

  constructor(folder: string) {
    this.root = resolve(folder)
  }

  /** @throws VoiceError INTERNAL when the id is no UUID and so could name another file */
  pathFor(callId: CallId): string {
    if (!isCallId(callId)) throw new VoiceError('INTERNAL', { detail: 'the call id is no UUID' })
    return join(this.root, `${callId}.wav`)
  }

  async stat(path: string): Promise<{ readonly bytes: number } | undefined> {
    if (!this.holds(path)) return undefined
    try {
      const facts = await stat(path)
      return facts.isFile() ? { bytes: facts.size } : undefined
    } catch {
      // Gone or never written: there is no recording.
      return undefined
    }
  }

  async *read(path: string, range: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array> {
    if (!this.holds(path)) throw new VoiceError('STORE_FAILED', { detail: 'no such recording', retryable: false })
    yield* createReadStream(path, { start: range.start, end: range.end }) as AsyncIterable<Uint8Array>
  }

  async remove(path: string): Promise<void> {
    if (this.holds(path)) await rm(path, { force: true })
  }

  /** Undefined: no file, or not even its header was written. */
  async repair(path: string): Promise<RecordingFact | undefined> {
    if (!(await this.stat(path))) return undefined
    const file = await open(path, 'r+')
    try {
      return await repairHeader(file, path)
    } finally {
      await file.close()
    }
  }

  private holds(path: string): boolean {
    const below = relative(this.root, resolve(path))
    return below !== '' && !below.startsWith('..') && !isAbsolute(below)
  }
}

async function repairHeader(file: FileHandle, path: string): Promise<RecordingFact | undefined> {
  const { size } = await file.stat()
  const head = new Uint8Array(Math.min(headBytes, size))
  await file.read(head, 0, head.length, 0)
  const header = parseWavHeader(head)
  if (!header) return undefined
  const dataAt = header.dataSizeAt + 4
  const present = size - dataAt
  // A last sample of which only a part was written is left out.
  const dataBytes = Math.min(largestUint32, present - (present % header.blockBytes))
  await writeUint32(file, 4, Math.min(largestUint32, dataAt + dataBytes - 8))
  await writeUint32(file, header.dataSizeAt, dataBytes)
  await file.truncate(dataAt + dataBytes)
  return { path, durationMs: Math.round((dataBytes / header.bytesPerSecond) * 1_000), bytes: dataAt + dataBytes }
}

async function writeUint32(file: FileHandle, at: number, value: number): Promise<void> {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  await file.write(bytes, 0, 4, at)
}
