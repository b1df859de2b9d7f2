import type { CccClient } from '../src/demo/sdk-client.ts'
import { testApplication } from './engine-process.ts'

type CreateAICallRequest = Parameters<CccClient['CreateAICall']>[0]
type TelCdr = NonNullable<Awaited<ReturnType<CccClient['DescribeTelCdr']>>['TelCdrList']>[number]

const { sdkAppId } = testApplication

/** A request that any test can complete: greeting, English, quick endpointing. */
export function callRequest(
  callee: string,
  modelUrl: string,
  more: Partial<CreateAICallRequest> = {},
): CreateAICallRequest {
  return {
    SdkAppId: sdkAppId,
    Callee: callee,
    LLMType: 'openai',
    APIKey: 'sk-test-secret',
    APIUrl: modelUrl,
    WelcomeMessage: 'Hello, how can I help you?',
    Languages: ['en'],
    VadSilenceTime: 500,
    EndFunctionEnable: true,
    ...more,
  }
}

export async function placeCall(client: CccClient, request: CreateAICallRequest): Promise<string> {
  const { SessionId } = await client.CreateAICall(request)
  if (!SessionId) throw new Error('no SessionId')
  return SessionId
}

export async function readCdr(client: CccClient, sessionId: string): Promise<TelCdr | undefined> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const answer = await client.DescribeTelCdr({
    SdkAppId: sdkAppId,
    StartTimeStamp: nowSeconds - 86_400,
    EndTimeStamp: nowSeconds + 60,
    PageSize: 100,
    PageNumber: 0,
    SessionIds: [sessionId],
  })
  if ((answer.TotalCount ?? 0) > 1) throw new Error(`${answer.TotalCount} records of one call`)
  return answer.TelCdrList?.[0]
}

/** Asks for the record until it says how the call ended. @throws Error after `deadlineMs` */
export async function finishedCdr(client: CccClient, sessionId: string, deadlineMs: number): Promise<TelCdr> {
  return until(`the end of call ${sessionId}`, deadlineMs, async () => {
    const cdr = await readCdr(client, sessionId)
    return cdr?.EndedTimestamp ? cdr : undefined
  })
}

export async function sessionStatus(client: CccClient, sessionId: string): Promise<string | undefined> {
  const { Session } = await client.DescribeTelSession({ SdkAppId: sdkAppId, SessionId: sessionId })
  return Session?.SessionStatus
}

/** Waits until the call is up. @throws Error after 40 s */
export async function answered(client: CccClient, sessionId: string): Promise<void> {
  await until(`the answer of call ${sessionId}`, 40_000, async () =>
    (await sessionStatus(client, sessionId)) === 'inProgress' ? true : undefined,
  )
}

/** What the assistant has said so far, utterance by utterance, each once it is over. */
export async function assistantLines(client: CccClient, sessionId: string): Promise<readonly string[]> {
  const { AsrDataList } = await client.DescribeTelRecordAsr({ SdkAppId: sdkAppId, SessionId: sessionId })
  return (AsrDataList ?? []).flatMap((line) => (line.User === 'bot' ? [line.Message ?? ''] : []))
}

/** Asks again every 50 ms until there is an answer. @throws Error after `deadlineMs` */
export async function until<T>(what: string, deadlineMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > giveUpAt) throw new Error(`waited ${deadlineMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
