// The product's own entry: the package's index would load the clients of every Tencent Cloud product.
import { ccc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/index.js'
import { application } from './engine-process.ts'
import { mayHandOver } from './second-desk.ts'

export interface CallOrder {
  readonly callee: string
  readonly modelPort: number
  readonly vadSilenceTime: number
  readonly greeting: string
  readonly instructions?: string
  /** The model has the function that hands the caller over. */
  readonly mayHandOver?: boolean
}

/** Places calls through the public API with the vendor's own client. */
export function createCaller(httpPort: number): (order: CallOrder) => Promise<string> {
  const client = new ccc.v20200210.Client({
    credential: { secretId: application.secretId, secretKey: application.secretKey },
    region: '',
    profile: { httpProfile: { endpoint: `127.0.0.1:${httpPort}`, protocol: 'http://', reqTimeout: 30 } },
  })
  return async ({ callee, modelPort, vadSilenceTime, greeting, instructions = 'You answer.', ...order }) => {
    const { SessionId } = await client.CreateAICall({
      SdkAppId: application.sdkAppId,
      Callee: callee,
      LLMType: 'openai',
      APIKey: 'bench',
      APIUrl: `http://127.0.0.1:${modelPort}/v1`,
      Model: 'sim',
      SystemPrompt: instructions,
      WelcomeMessage: greeting,
      Languages: ['en'],
      VadSilenceTime: vadSilenceTime,
      EnableComplianceAudio: false,
      NotifyDuration: 30,
      ...(order.mayHandOver && mayHandOver),
    })
    if (!SessionId) throw new Error('CreateAICall gave no SessionId')
    return SessionId
  }
}
