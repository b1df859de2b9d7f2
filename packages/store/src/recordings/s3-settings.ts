import type { Secret } from '@parley/core'

/** A bucket of any service that speaks the S3 protocol. */
export interface S3Settings {
  /** `https://s3.eu-central-1.amazonaws.com`; without the bucket's name. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Put before every key, e.g. `parley/`. May be empty. */
  readonly prefix: string
  /** The bucket in the path (`https://host/bucket/key`) instead of the host (`https://bucket.host/key`). */
  readonly pathStyle: boolean
  /** `proxy`: clients read through the engine. `redirect`: they are sent to the bucket with an address signed for minutes. */
  readonly delivery: 'proxy' | 'redirect'
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: Secret
    readonly sessionToken?: Secret
  }
}
