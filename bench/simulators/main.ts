import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monotonicNs } from '../monotonic.ts'
import { SeededRandom } from '../seeded-random.ts'
import { createLanguageModel } from './language-model.ts'
import { profiles } from './profile.ts'
import type { SimulatorReport, SimulatorRequest, SimulatorSettings } from './protocol.ts'
import { createRecognizer } from './recognizer.ts'
import { RequestLog } from './request-log.ts'
import { ScriptBook } from './script-book.ts'
import { createSynthesizer } from './synthesizer.ts'

/** The provider process: started with its settings as JSON in the first argument, told and asked over IPC. */
async function main(): Promise<void> {
  let settings = JSON.parse(process.argv[2] ?? '{}') as SimulatorSettings
  const log = new RequestLog()
  const random = new SeededRandom(settings.seed)
  const book = new ScriptBook(() => monotonicNs() / 1e6)
  const shared = {
    log,
    profile: () => profiles[settings.profile],
    book,
    script: (connection: number) => book.of(connection) ?? settings.script,
    random,
    apiKey: settings.apiKey,
    replyWords: settings.replyWords,
  }
  const llm = await listen(createLanguageModel(shared))
  const asr = await listen(createRecognizer(shared))
  const tts = await listen(createSynthesizer(shared))
  const report = (message: SimulatorReport) => process.send?.(message)
  process.on('message', (request: SimulatorRequest) => {
    if (request.type === 'configure') settings = { ...settings, ...request.settings }
    if (request.type === 'expect') book.expect(request.script)
    if (request.type === 'collect') report({ type: 'records', records: log.take() })
  })
  process.on('disconnect', () => process.exit(0))
  report({ type: 'ready', llm, asr, tts })
}

async function listen(server: Server): Promise<number> {
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

await main()
