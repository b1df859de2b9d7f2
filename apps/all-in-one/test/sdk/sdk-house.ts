import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testApplication, testAuthorization } from '../engine-process.ts'
import { startTellingModel } from '../telling-model.ts'
import { startTestHouse } from '../test-house.ts'
import { toneFile } from '../tone.ts'
import { agent, skillGroup } from './action-rows.ts'

/** An engine with a database, a phone that answers and one that rings for ever, and a model, as SDKs are shown. */
export interface SdkHouse extends AsyncDisposable {
  readonly endpoint: string
  readonly sdkAppId: number
  readonly secretId: string
  readonly secretKey: string
  readonly modelUrl: string
  readonly soundUrl: string
  readonly sipTrunkId: number
  readonly client: Awaited<ReturnType<typeof startTestHouse>>['client']
}

const human = '00861300009999'
const afterCall = {
  fields: { wish: 'a 椅子', colour: 'red' },
  analysis: { summary: 'Somebody was called.', mood: 'calm', intention: 'to test' },
}

export async function startSdkHouse(): Promise<SdkHouse> {
  await using building = new AsyncDisposableStack()
  const model = building.use(await startTellingModel())
  const modelUrl = model.open('sdk', (_text, messages) =>
    messages[0]?.content.includes('JSON object') ? JSON.stringify(afterCall) : 'Hello from the model.',
  )
  const patient = 'answer: { after: 100ms }\nends: peer\nendsTimeout: 60s\n'
  const callees = Array.from({ length: 100 }, (_, index) => [`10${String(index).padStart(2, '0')}`, patient])
  const { sdkAppId } = testApplication
  const settings = {
    ...{ LLMType: 'openai', APIUrl: modelUrl, APIKey: 'sk-test-secret', Languages: ['en'] },
    WelcomeMessage: 'Hello {{name}}.',
  }
  const targets = [{ number: human, trunk: 'phone' }]
  const house = building.use(
    await startTestHouse(
      { ...Object.fromEntries(callees), '9999': 'never: true' },
      { config: () => ({ skillGroups: [{ ...skillGroup, targets }], agents: [{ ...agent, sdkAppId, settings }] }) },
    ),
  )
  const sounds = createServer((_request, response) => void response.end(toneFile(500, 1)))
  await new Promise<void>((resolve) => sounds.listen(0, '127.0.0.1', resolve))
  building.defer(() => void sounds.close())
  const sipTrunkId = await createTrunk(house.engine.httpPort)
  const parts = building.move()
  return {
    ...testApplication,
    endpoint: `127.0.0.1:${house.engine.httpPort}`,
    modelUrl,
    soundUrl: `http://127.0.0.1:${(sounds.address() as AddressInfo).port}/tone.wav`,
    sipTrunkId,
    client: house.client,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** A trunk for numbers that the API adds; nobody calls by it. */
async function createTrunk(httpPort: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${httpPort}/v1/trunks`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: testAuthorization,
    },
    body: JSON.stringify({ name: 'own', gateways: [{ host: '127.0.0.1', port: 9 }] }),
  })
  if (answer.status !== 201) throw new Error(`no trunk: ${await answer.text()}`)
  return ((await answer.json()) as { id: number }).id
}
