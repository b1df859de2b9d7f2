/** How an SDK signs and sends. */
export interface Transport {
  readonly signMethod: 'TC3-HMAC-SHA256' | 'HmacSHA1' | 'HmacSHA256'
  readonly httpMethod: 'GET' | 'POST'
}

/** Every combination that the SDKs offer. */
export const transports: readonly Transport[] = (['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256'] as const).flatMap(
  (signMethod) => (['POST', 'GET'] as const).map((httpMethod) => ({ signMethod, httpMethod })),
)

export const nameOf = ({ signMethod, httpMethod }: Transport): string => `${signMethod} ${httpMethod}`

export type Fields = Readonly<Record<string, unknown>>

/** The Java SDK leaves a request's own headers out of requests with signature v1. */
export const sendsOwnHeaders = (language: string, { signMethod }: Pick<Transport, 'signMethod'>): boolean =>
  language !== 'java' || signMethod === 'TC3-HMAC-SHA256'

/** What an SDK's own exception says. `kind`: the name of its class. */
export interface SdkFailure {
  readonly kind: string
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly requestId?: string | undefined
}

export type SdkAnswer = { readonly response: Fields } | { readonly error: SdkFailure }

/** One use of an SDK: a client made for this transport and key, and one action of it. */
export interface SdkUse extends Transport {
  readonly action: string
  readonly request: Fields
  readonly secretKey: string
  /** Headers of the request's own. */
  readonly headers?: Readonly<Record<string, string>>
}

/** An official SDK in whatever language. */
export interface SdkClient extends AsyncDisposable {
  /** Name of the language. */
  readonly name: string
  call(use: SdkUse): Promise<SdkAnswer>
}
