import { ccc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/index.js'
import type { Fields, SdkAnswer, SdkClient, SdkFailure, SdkUse } from './sdk-client.ts'

type Method = (request: Fields, options: { readonly headers?: SdkUse['headers'] }) => Promise<Fields>

/** The SDK of this process. `endpoint`: host and port. */
export function nodeSdkClient(endpoint: string, secretId: string): SdkClient {
  return {
    name: 'node',
    async call({ action, request, secretKey, signMethod, httpMethod, headers }): Promise<SdkAnswer> {
      const client = new ccc.v20200210.Client({
        credential: { secretId, secretKey },
        region: 'ap-guangzhou',
        profile: {
          ...{ signMethod, language: 'en-US' },
          httpProfile: { endpoint, protocol: 'http://', reqMethod: httpMethod, reqTimeout: 30 },
        },
      })
      const actions = client as unknown as Readonly<Record<string, Method>>
      try {
        const response = await actions[action]?.(request, { headers })
        return response ? { response } : { error: { kind: 'no such method' } }
      } catch (error) {
        const { code, message, requestId } = error as Partial<SdkFailure>
        return { error: { kind: (error as Error).constructor.name, code, message, requestId } }
      }
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}
