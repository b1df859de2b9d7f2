import { callId } from '@parley/core'

export const secretId = 'AKIDTESTEXAMPLE0000000000000000000000'
export const secretKey = 'testSecretKeyEXAMPLE000000000000'
export const appId = 1400000000
/** On trunk 1. */
export const ownNumber = '008601012340000'
export const wallAtStartMs = 1_750_000_000_000
export const someCallId = callId('3fa85f64-5717-4562-b3fc-2c963f66afa6')
