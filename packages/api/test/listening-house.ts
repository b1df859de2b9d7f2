import type { Clock } from '@parley/core'
import { ccc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/index.js'
import { onTestFinished } from 'vitest'
import { apiHouse, secretId, secretKey } from './api-house.ts'

/** The SDK stamps requests with the real time. */
const realTime: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(atMs, fire) {
    const timer = setTimeout(fire, Math.max(0, atMs - performance.now()))
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

type SignMethod = 'TC3-HMAC-SHA256' | 'HmacSHA1' | 'HmacSHA256'
export interface Transport {
  readonly signMethod: SignMethod
  readonly reqMethod: 'GET' | 'POST'
}

/** An API over fakes that listens on loopback until the test is over, and the official SDK to speak to it. */
export async function listeningHouse(options: Parameters<typeof apiHouse>[0] = {}) {
  const house = apiHouse({ ...options, clock: realTime })
  const { port } = await house.api.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => house.api[Symbol.asyncDispose]())
  const client = (
    transport: Transport = { signMethod: 'TC3-HMAC-SHA256', reqMethod: 'POST' },
    key = secretKey,
    path = '',
  ) =>
    new ccc.v20200210.Client({
      credential: { secretId, secretKey: key },
      region: 'ap-guangzhou',
      profile: {
        signMethod: transport.signMethod,
        language: 'en-US',
        httpProfile: {
          endpoint: `127.0.0.1:${port}${path}`,
          protocol: 'http://',
          reqMethod: transport.reqMethod,
          reqTimeout: 10,
        },
      },
    })
  return { ...house, client }
}

/** What the SDK threw. */
export const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const { code, requestId, message } = error as { code?: string; requestId?: string; message?: string }
  return { code, requestId, message }
}
