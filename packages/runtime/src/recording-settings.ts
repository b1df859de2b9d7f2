import { Secret } from '@parley/core'
import { z } from 'zod'
import type { Settings } from './env.ts'

const format = z.enum(['wav', 'mp3', 'opus'], 'must be wav, mp3 or opus')

/** What an application says of its recordings. */
export const applicationRecordings = z.strictObject({ format: format.exactOptional() })

const endpoint = z.string('must be an address').refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash
}, 'must be an http or https address')

const s3 = z.strictObject({
  endpoint,
  region: z.string().min(1).default('us-east-1'),
  bucket: z.string('must be a text').regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket'),
  prefix: z
    .string()
    .regex(/^(?:[A-Za-z0-9!_.-]+\/)*$/, 'must end with / and hold letters, digits and ! _ . - /')
    .default(''),
  pathStyle: z.boolean('must be true or false').default(false),
  delivery: z.enum(['proxy', 'redirect'], 'must be proxy or redirect').default('proxy'),
})

/** What becomes of recordings. Credentials of the bucket come from the environment alone. */
export const recordingSettings = z.strictObject({ format: format.default('wav'), s3: s3.exactOptional() })

/** The bucket with its credentials; undefined without a bucket. Problems name the variable. */
export function bucketSettings(
  file: { readonly recordings: z.output<typeof recordingSettings> } | undefined,
  settings: Pick<Settings, 'PARLEY_S3_ACCESS_KEY_ID' | 'PARLEY_S3_SECRET_ACCESS_KEY' | 'PARLEY_S3_SESSION_TOKEN'>,
): { readonly bucket?: BucketSettings; readonly problems: readonly string[] } {
  const { s3: bucket } = file?.recordings ?? {}
  if (!bucket) return { problems: [] }
  const {
    PARLEY_S3_ACCESS_KEY_ID: accessKeyId,
    PARLEY_S3_SECRET_ACCESS_KEY: secret,
    PARLEY_S3_SESSION_TOKEN: token,
  } = settings
  if (!accessKeyId || !secret) {
    return { problems: ['PARLEY_S3_ACCESS_KEY_ID, PARLEY_S3_SECRET_ACCESS_KEY: recordings.s3 needs them'] }
  }
  const credentials = {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    ...(token ? { sessionToken: new Secret(token) } : {}),
  }
  return { bucket: { ...bucket, credentials }, problems: [] }
}

export type BucketSettings = z.output<typeof s3> & {
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: Secret
    readonly sessionToken?: Secret
  }
}
