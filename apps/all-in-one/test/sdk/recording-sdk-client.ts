import type { RecordingProxy } from './recording-proxy.ts'
import type { SdkClient } from './sdk-client.ts'
import { isKept, type SdkVector, vectorOf } from './sdk-vectors.ts'

/** The same SDK one use at a time, with what it sends through `proxy` kept in `vectors`. */
export function recordingSdkClient(
  sdk: SdkClient,
  proxy: RecordingProxy,
  key: { readonly secretId: string; readonly secretKey: string },
  vectors: SdkVector[],
): SdkClient {
  let last: Promise<unknown> = Promise.resolve()
  return {
    name: sdk.name,
    call(use) {
      const answer = last.then(async () => {
        const given = await sdk.call(use)
        const sent = proxy.take()
        const [request] = sent
        if (!request || sent.length > 1) throw new Error(`${sdk.name} sent ${sent.length} requests for ${use.action}`)
        const right = use.secretKey === key.secretKey
        const succeeded = right && 'response' in given
        const expect = right ? 'valid' : 'AuthFailure.SignatureFailure'
        if ((succeeded && isKept(use.action, use)) || !right) {
          vectors.push(vectorOf(use.action, use, request, key, expect))
        }
        return given
      })
      last = answer.catch(() => undefined)
      return answer
    },
    [Symbol.asyncDispose]: () => sdk[Symbol.asyncDispose](),
  }
}
