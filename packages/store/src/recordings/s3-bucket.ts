import { openAsBlob } from 'node:fs'
import { type Clock, VoiceError } from '@parley/core'
import { AwsV4Signer } from 'aws4fetch'
import type { S3Settings } from './s3-settings.ts'

/** A file as the service is to hold it. */
export interface Upload {
  /** Of the local file. */
  readonly from: string
  readonly bytes: number
  /** SHA-256 of the file in hexadecimal: signed with the request, so that the service may refuse what arrives damaged. */
  readonly sha256: string
  readonly contentType: string
}

/** From the request to the head of the answer. Taste. */
const answerWithinMs = 15_000
/** An upload slower than this (50 kB/s) hangs. Taste. */
const slowestBytesPerMs = 50
const linkLifetimeS = 600
const maxDetailChars = 300

/**
 * The few verbs that recordings need of the S3 protocol, over `fetch`. Every failure is a `VoiceError` STORE_FAILED whose
 * text names the verb and what came back, and no credential.
 * @see Amazon S3 API Reference, 2006-03-01; Signature Version 4
 */
export class S3Bucket {
  private readonly settings: S3Settings
  private readonly clock: Clock

  constructor(settings: S3Settings, clock: Clock) {
    this.settings = settings
    this.clock = clock
  }

  /** Streams the file; memory does not grow with it. At most 5 GB, as one request may carry. */
  async put(key: string, { from, bytes, sha256, contentType }: Upload, signal?: AbortSignal): Promise<void> {
    const body = await openAsBlob(from, { type: contentType })
    const headers = { 'content-type': contentType, 'x-amz-content-sha256': sha256 }
    const limitMs = answerWithinMs + bytes / slowestBytesPerMs
    const answer = await this.ask('PUT', key, { headers, body, limitMs, signal })
    await answer.arrayBuffer()
  }

  /** Undefined: no such object. */
  async size(key: string, signal?: AbortSignal): Promise<number | undefined> {
    const answer = await this.ask('HEAD', key, { headers: {}, limitMs: answerWithinMs, signal, mayMiss: true })
    return answer.status === 404 ? undefined : Number(answer.headers.get('content-length') ?? 0)
  }

  /** Inclusive byte range; the whole object without one. The answer must begin within 15 s; reading has no limit. */
  async *read(key: string, { range, signal }: ReadOptions = {}): AsyncIterable<Uint8Array> {
    const headers: Record<string, string> = range ? { range: `bytes=${range.start}-${range.end}` } : {}
    const answer = await this.ask('GET', key, { headers, limitMs: answerWithinMs, signal })
    if (range && answer.status !== 206) {
      await answer.body?.cancel()
      throw failed('GET', 'the service does not serve ranges')
    }
    if (answer.body) yield* answer.body
  }

  /** Nothing happens when there is none. */
  async remove(key: string, signal?: AbortSignal): Promise<void> {
    const answer = await this.ask('DELETE', key, { headers: {}, limitMs: answerWithinMs, signal, mayMiss: true })
    await answer.arrayBuffer()
  }

  /** An address that reads the object for ten minutes. */
  async link(key: string): Promise<string> {
    const url = this.urlOf(key)
    url.searchParams.set('X-Amz-Expires', String(linkLifetimeS))
    const { url: signed } = await new AwsV4Signer({ ...this.signing('GET'), url: url.href, signQuery: true }).sign()
    return signed.href
  }

  /** `limitMs`: to the head of the answer. A body that is being read is not cut off. */
  private async ask(method: 'GET' | 'HEAD' | 'PUT' | 'DELETE', key: string, request: S3Request): Promise<Response> {
    const { clock } = this
    const late = new AbortController()
    using _timer = clock.setTimer(clock.nowMs() + request.limitMs, () => late.abort(new Error('no answer in time')))
    try {
      const signed = await this.sign(method, key, request.headers)
      const answer = await fetch(signed.url, {
        method,
        headers: signed.headers,
        redirect: 'manual',
        signal: request.signal ? AbortSignal.any([request.signal, late.signal]) : late.signal,
        ...(request.body ? { body: request.body } : {}),
      })
      if (answer.ok || (request.mayMiss && answer.status === 404)) return answer
      throw failed(method, `status ${answer.status} ${(await answer.text()).slice(0, maxDetailChars)}`)
    } catch (error) {
      if (request.signal?.aborted || error instanceof VoiceError) throw error
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
      throw failed(method, late.signal.aborted ? 'no answer in time' : cause)
    }
  }

  private sign(method: string, key: string, headers: Readonly<Record<string, string>>) {
    const hashed = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...headers }
    return new AwsV4Signer({ ...this.signing(method), url: this.urlOf(key).href, headers: hashed }).sign()
  }

  private signing(method: string) {
    const { region, credentials } = this.settings
    return {
      method,
      service: 's3',
      region,
      // ISO 8601, basic form.
      datetime: new Date(this.clock.wallMs()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey.reveal(),
      ...(credentials.sessionToken ? { sessionToken: credentials.sessionToken.reveal() } : {}),
    }
  }

  private urlOf(key: string): URL {
    const { endpoint, bucket, pathStyle } = this.settings
    const url = new URL(endpoint)
    const encoded = key.split('/').map(encodeURIComponent).join('/')
    const base = url.pathname.replace(/\/+$/, '')
    if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`
    url.pathname = pathStyle ? `${base}/${encodeURIComponent(bucket)}/${encoded}` : `${base}/${encoded}`
    return url
  }
}

interface ReadOptions {
  readonly range?: { readonly start: number; readonly end: number }
  readonly signal?: AbortSignal
}

interface S3Request {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Blob
  readonly limitMs: number
  readonly signal?: AbortSignal | undefined
  /** 404 is an answer. */
  readonly mayMiss?: boolean
}

const failed = (verb: string, detail: string) =>
  new VoiceError('STORE_FAILED', { detail: `S3 ${verb}: ${detail}`.trim() })
