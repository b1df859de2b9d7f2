import { answered, finishedCdr, until } from '../placed-call.ts'
import { type ActionRow, actionRows, greeting, ofAnotherApplication, type Stage } from './action-rows.ts'
import { type Fields, type SdkAnswer, type SdkClient, sendsOwnHeaders, type Transport } from './sdk-client.ts'
import type { SdkHouse } from './sdk-house.ts'

/** What one SDK met on its way through every action by one transport. */
export interface SdkRun {
  readonly stage: Stage
  /** By action, with the right application. */
  readonly answers: ReadonlyMap<string, SdkAnswer>
  /** By action, the same request for an application that is not the key's. */
  readonly refusals: ReadonlyMap<string, SdkAnswer>
  /** By action, of those that are not built. */
  /** The call once more, with the same idempotency key. Undefined: the SDK cannot send it so. */
  readonly repeated: SdkAnswer | undefined
  readonly wrongKey: SdkAnswer
  readonly noSession: SdkAnswer
}

/** Uses every action of the table, through one real call. `callee`: its number at the house's phone. */
export async function runActions(
  sdk: SdkClient,
  house: SdkHouse,
  transport: Transport,
  callee: string,
): Promise<SdkRun> {
  const { sdkAppId, modelUrl, soundUrl, sipTrunkId, secretKey } = house
  const headers = { 'X-Idempotency-Key': `order-${callee}` }
  const answers = new Map<string, SdkAnswer>()
  const earlier = (action: string): Fields => {
    const answer = answers.get(action)
    return answer && 'response' in answer ? answer.response : {}
  }
  const things = { sdkAppId, modelUrl, soundUrl, sipTrunkId, callee }
  let stage: Stage = { ...things, sessionId: '', nowS: Math.floor(Date.now() / 1000), earlier }
  const refusals = new Map<string, SdkAnswer>()
  const use = (action: string, request: Fields, key = secretKey) =>
    sdk.call({ ...transport, action, request, secretKey: key, ...(action === 'CreateAICall' && { headers }) })
  const runRows = async (at: ActionRow['at']) => {
    for (const { action, request } of actionRows.filter((row) => row.at === at)) {
      if (action === 'TransferToManual') await said(house, stage.sessionId, 'Hello from the model.')
      const asked = request(stage)
      refusals.set(action, await use(action, ofAnotherApplication(asked)))
      answers.set(action, await use(action, asked))
    }
  }

  await runRows('idle')
  await runRows('placed')
  const placed = answers.get('CreateAICall')
  if (!placed || !('response' in placed)) throw new Error(`no call: ${JSON.stringify(placed)}`)
  const again = actionRows.find(({ action }) => action === 'CreateAICall')?.request(stage) ?? {}
  const repeated = sendsOwnHeaders(sdk.name, transport) ? await use('CreateAICall', again) : undefined
  stage = { ...stage, sessionId: String(placed.response.SessionId) }
  await said(house, stage.sessionId, greeting)
  await runRows('talking')
  await finishedCdr(house.client, stage.sessionId, 30_000)
  await analysed(house, stage)
  await runRows('ended')

  const session = { SdkAppId: sdkAppId, SessionId: '3fa85f64-5717-4562-b3fc-2c963f66afa6' }
  return {
    ...{ stage, answers, refusals, repeated },
    wrongKey: await use('DescribeNumbers', { SdkAppId: sdkAppId }, 'wrong'),
    noSession: await use('HangUpCall', session),
  }
}

/** Waits until the assistant has said this to its end. */
async function said({ client, sdkAppId }: SdkHouse, sessionId: string, text: string): Promise<void> {
  await answered(client, sessionId)
  await until(`"${text}" to be said`, 40_000, async () => {
    const { AsrDataList } = await client.DescribeTelRecordAsr({ SdkAppId: sdkAppId, SessionId: sessionId })
    return AsrDataList?.some(({ Message }) => Message === text) ? true : undefined
  })
}

/** Waits for the job that asks the model about the call. */
async function analysed({ client, sdkAppId }: SdkHouse, { sessionId, nowS }: Stage): Promise<void> {
  const query = { SdkAppId: sdkAppId, SessionId: sessionId, StartTime: nowS - 3600, EndTime: nowS + 600 }
  await until('the analysis', 30_000, async () => {
    const { ResultList = [] } = await client.DescribeAIAnalysisResult(query)
    return ResultList.length > 0 ? true : undefined
  })
}
