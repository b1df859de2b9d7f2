// The product's own entry: the package's index would load the clients of every Tencent Cloud product.
import { ccc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/index.js'

export type CccClient = InstanceType<typeof ccc.v20200210.Client>

/** The official Tencent Cloud SDK, unmodified, with only the endpoint changed. */
export function sdkClient(
  httpPort: number,
  key: { readonly secretId: string; readonly secretKey: string },
  host = '127.0.0.1',
): CccClient {
  return new ccc.v20200210.Client({
    credential: { secretId: key.secretId, secretKey: key.secretKey },
    region: '',
    profile: { httpProfile: { endpoint: `${host}:${httpPort}`, protocol: 'http://', reqTimeout: 30 } },
  })
}
