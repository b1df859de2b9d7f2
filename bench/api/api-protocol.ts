/** What the server process says. CPU times are of the whole process since its start, ms. */
export type ApiReport =
  | { readonly type: 'ready'; readonly apiPort: number; readonly echoPort: number }
  | { readonly type: 'usage'; readonly cpuMs: number }

export const application = { sdkAppId: 1_400_000_001, secretId: 'AKIDbench', secretKey: 'bench-secret-key' }
