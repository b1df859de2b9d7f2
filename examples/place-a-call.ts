/**
 * Places a call through the official Tencent Cloud SDK and prints its transcript.
 *
 *   PARLEY_SECRET_ID=... PARLEY_SECRET_KEY=... node examples/place-a-call.ts 008613000000000 https://api.openai.com/v1/ sk-...
 *
 * `PARLEY_ENDPOINT` (default 127.0.0.1:8080) and `PARLEY_SDK_APP_ID` (default 1400000001) name the engine and application.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { ccc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ccc/index.js'

const { PARLEY_ENDPOINT, PARLEY_SECRET_ID, PARLEY_SECRET_KEY, PARLEY_SDK_APP_ID } = process.env
const [callee, modelUrl, modelKey = 'none', model = 'default'] = process.argv.slice(2)
if (!PARLEY_SECRET_ID || !PARLEY_SECRET_KEY || !callee || !modelUrl) {
  console.error(
    'PARLEY_SECRET_ID and PARLEY_SECRET_KEY must be set; arguments: callee, address of the model, [its key], [its name]',
  )
  process.exit(2)
}

const client = new ccc.v20200210.Client({
  credential: { secretId: PARLEY_SECRET_ID, secretKey: PARLEY_SECRET_KEY },
  region: '',
  profile: { httpProfile: { endpoint: PARLEY_ENDPOINT ?? '127.0.0.1:8080', protocol: 'http://' } },
})
const application = { SdkAppId: Number(PARLEY_SDK_APP_ID ?? 1_400_000_001) }

const { SessionId = '' } = await client.CreateAICall({
  ...application,
  Callee: callee,
  LLMType: 'openai',
  APIUrl: modelUrl,
  APIKey: modelKey,
  Model: model,
  SystemPrompt: 'You confirm appointments for a dental practice. Be brief.',
  WelcomeMessage: 'Hello, this is the Riverside dental practice. Am I speaking with Alex?',
  Languages: ['en'],
  EndFunctionEnable: true,
})
console.log(`call ${SessionId}`)

for (let status: string | undefined; status !== 'finished'; await pause(500)) {
  const { Session } = await client.DescribeTelSession({ ...application, SessionId })
  if (Session?.SessionStatus !== status) console.log(Session?.SessionStatus)
  status = Session?.SessionStatus
}

const { AsrDataList = [] } = await client.DescribeTelRecordAsr({ ...application, SessionId })
for (const line of AsrDataList) console.log(`${line.User}: ${line.Message}`)
