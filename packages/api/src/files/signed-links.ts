import { createHmac } from 'node:crypto'
import {
  type ApplicationId,
  applicationId,
  type CallId,
  callId,
  type RecordingFormat,
  recordingFormats,
} from '@parley/core'
import { equalInConstantTime } from '../auth/constant-time.ts'

type LinkedFile = 'recording' | 'transcript'

/** What a valid address stands for. */
export interface LinkTarget {
  readonly file: LinkedFile
  readonly applicationId: ApplicationId
  readonly callId: CallId
  /** How the file was kept when the address was made, which is its ending. Default: WAV. */
  readonly format?: RecordingFormat
}

/** Makes and checks addresses that open one file of one call for a day, for whoever holds them. */
export interface SignedLinks {
  /** Path and query, to be put behind an origin. `nowMs` is Unix ms. */
  pathTo(target: LinkTarget, nowMs: number): string
  /** The target, or undefined when the signature is wrong or the time is over. */
  open(path: string, query: URLSearchParams, nowMs: number): LinkTarget | undefined
}

/** How long an address works: 24 h, as documented for `RecordURL`. */
const lifetimeMs = 86_400_000

const places = {
  recording: { prefix: '/recordings/', suffixes: Object.values(recordingFormats).map(({ suffix }) => suffix) },
  transcript: { prefix: '/transcripts/', suffixes: ['.json'] },
} as const satisfies Record<LinkedFile, { prefix: string; suffixes: readonly string[] }>

const callIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function createSignedLinks(key: Uint8Array): SignedLinks {
  const sign = (path: string, app: string, expires: string) =>
    createHmac('sha256', key).update(`GET\n${path}\napp=${app}\nexpires=${expires}`).digest('hex')
  return {
    pathTo({ file, applicationId: app, callId: call, format = 'wav' }, nowMs) {
      const suffix = file === 'recording' ? recordingFormats[format].suffix : places.transcript.suffixes[0]
      const path = `${places[file].prefix}${call}${suffix}`
      const expires = String(Math.floor((nowMs + lifetimeMs) / 1000))
      return `${path}?app=${app}&expires=${expires}&signature=${sign(path, String(app), expires)}`
    },
    open(path, query, nowMs) {
      const app = query.get('app') ?? ''
      const expires = query.get('expires') ?? ''
      const genuine = equalInConstantTime(sign(path, app, expires), query.get('signature') ?? '')
      if (!genuine || !/^\d{1,11}$/.test(expires) || Number(expires) * 1000 <= nowMs) return undefined
      return targetOf(path, Number(app))
    },
  }
}

function targetOf(path: string, app: number): LinkTarget | undefined {
  for (const file of ['recording', 'transcript'] as const) {
    const { prefix, suffixes } = places[file]
    const suffix = suffixes.find((ending) => path.endsWith(ending))
    if (!path.startsWith(prefix) || suffix === undefined) continue
    const call = path.slice(prefix.length, -suffix.length)
    if (callIdPattern.test(call)) return { file, applicationId: applicationId(app), callId: callId(call) }
  }
  return undefined
}
