import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Phone, startPhone } from '@parley/callee'
import { parseScript, serveScriptModel } from '@parley/providers'
import { systemClock } from '@parley/runtime'
import type { Identity } from '../data-directory.ts'
import { demoHouse, type House } from '../engine-settings.ts'

const asset = (name: string) => readFileSync(new URL(`../../demo/${name}`, import.meta.url), 'utf8')

/** What a start without a configuration brings along: a simulated phone and an assistant that follows a script. */
export interface DemoHouse extends AsyncDisposable {
  readonly house: House
  readonly phone: Phone
  /** OpenAI-compatible address of the scripted assistant. */
  readonly modelUrl: string
  instructions(fresh: boolean): string
}

export async function startDemoHouse(demo: Identity['demo'], dataDir: string): Promise<DemoHouse> {
  await using building = new AsyncDisposableStack()
  const host = '127.0.0.1'
  const model = building.use(
    await serveScriptModel({ script: parseScript(asset('assistant.yaml')), host, clock: systemClock }),
  )
  const phone = await startPhone({
    host,
    port: 0,
    script: asset('caller.yaml'),
    outDir: join(dataDir, 'simulated-phone'),
  })
  building.defer(() => phone.close())
  const parts = building.move()
  return {
    house: {
      ...demoHouse(demo, { host, port: phone.port }),
      inbound: {
        sdkAppId: demo.sdkAppId,
        systemPrompt: '',
        welcomeMessage: 'Hello, this is the Riverside dental practice. Am I speaking with Alex?',
        languages: ['en'],
        hints: demoHints,
        transfers: [],
        vadSilenceTime: 500,
        llm: { type: 'openai', url: model.baseUrl, apiKey: 'demo' },
      },
    },
    phone,
    modelUrl: model.baseUrl,
    instructions: (fresh) => instructions(demo, fresh, model.baseUrl),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** What the caller of the demo may say: the embedded recogniser listens for these. */
export const demoHints: string[] = [
  'yes that is me',
  'no i need another time',
  'wait tuesday is fine',
  'no thank you goodbye',
  'monday tuesday wednesday thursday friday',
]

function instructions(demo: Identity['demo'], fresh: boolean, modelUrl: string): string {
  const keys = fresh
    ? `SecretId ${demo.secretId}, SecretKey ${demo.secretKey} (shown once; kept in identity.json of the data directory)`
    : 'keys as shown at the first start; they are in identity.json of the data directory'
  return `Demo application: SdkAppId ${demo.sdkAppId}, ${keys}
Every number you call is answered by a simulated phone; a scripted assistant is at APIUrl ${modelUrl} (LLMType openai).
Your own trunk: docs/configuration.md. A call right now: ./scripts/up --demo`
}
