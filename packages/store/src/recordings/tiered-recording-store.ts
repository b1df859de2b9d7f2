import {
  type CallId,
  type Clock,
  type RecordingFact,
  type RecordingFormat,
  type RecordingStore,
  recordingFormats,
  VoiceError,
} from '@parley/core'
import { LocalRecordingStore } from './local-recording-store.ts'
import { S3Bucket } from './s3-bucket.ts'
import type { S3Settings } from './s3-settings.ts'

/** `s3://bucket/key` */
const bucketPath = /^s3:\/\/([^/]+)\/(.+)$/

const formats = Object.keys(recordingFormats) as RecordingFormat[]

/** Recordings where their paths say: in the local folder, where every one begins, or as objects of a bucket (`s3://...`). */
export class TieredRecordingStore implements RecordingStore {
  readonly local: LocalRecordingStore
  private readonly s3: S3Settings | undefined
  private readonly clock: Clock

  constructor(folder: string, s3: S3Settings | undefined, clock: Clock) {
    this.local = new LocalRecordingStore(folder)
    this.s3 = s3
    this.clock = clock
  }

  pathFor(callId: CallId): string {
    return this.local.pathFor(callId)
  }

  /** Where the encoded form of this call's recording is written. */
  encodedPath(callId: CallId, format: RecordingFormat): string {
    return this.pathFor(callId).replace(/\.wav$/, recordingFormats[format].suffix)
  }

  /** Where a recording of this call belongs for good; undefined without a bucket. */
  movedPath({ applicationId, callId }: RecordingOwner, format: RecordingFormat): string | undefined {
    if (!this.s3) return undefined
    const { bucket, prefix } = this.s3
    return `s3://${bucket}/${prefix}${applicationId}/${callId}${recordingFormats[format].suffix}`
  }

  /** Every place where a file of this call's recording may lie, or may yet be written by work that is under way. */
  tracesOf(owner: RecordingOwner): readonly string[] {
    const local = formats
      .map((format) => this.encodedPath(owner.callId, format))
      .flatMap((path) => [path, `${path}.part`])
    return [...local, ...formats.flatMap((format) => this.movedPath(owner, format) ?? [])]
  }

  isLocal(path: string): boolean {
    return !bucketPath.test(path)
  }

  async stat(path: string): Promise<{ readonly bytes: number } | undefined> {
    if (this.isLocal(path)) return this.local.stat(path)
    const { bucket, key } = this.place(path)
    const bytes = await bucket.size(key)
    return bytes === undefined ? undefined : { bytes }
  }

  read(path: string, range: { readonly start: number; readonly end: number }): AsyncIterable<Uint8Array> {
    if (this.isLocal(path)) return this.local.read(path, range)
    const { bucket, key } = this.place(path)
    return bucket.read(key, { range })
  }

  async remove(path: string, signal?: AbortSignal): Promise<void> {
    if (this.isLocal(path)) return this.local.remove(path)
    const { bucket, key } = this.place(path)
    await bucket.remove(key, signal)
  }

  async linkTo(path: string): Promise<string | undefined> {
    if (this.isLocal(path) || this.s3?.delivery !== 'redirect') return undefined
    const { bucket, key } = this.place(path)
    return bucket.link(key)
  }

  async repair(path: string): Promise<RecordingFact | undefined> {
    return this.isLocal(path) ? this.local.repair(path) : undefined
  }

  /**
   * The bucket of a path, with the endpoint and credentials of today's settings: recordings stay where they were put when
   * the setting names another bucket. @throws VoiceError CONFIG_INVALID when there are no settings
   */
  place(path: string): { readonly bucket: S3Bucket; readonly key: string } {
    const [, bucket = '', key = ''] = bucketPath.exec(path) ?? []
    if (!this.s3) throw new VoiceError('CONFIG_INVALID', { detail: 'recordings.s3 is not set' })
    return { bucket: new S3Bucket({ ...this.s3, bucket }, this.clock), key }
  }
}

export interface RecordingOwner {
  readonly applicationId: number
  readonly callId: CallId
}
