import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { answerOf } from '../child-answer.ts'
import type { SimulatorReport, SimulatorRequest, SimulatorSettings } from './protocol.ts'
import type { SimulatorRecord } from './request-log.ts'
import type { SimulatedUtterance } from './script.ts'

/** The simulated providers in their own process. */
export interface ProviderProcess extends AsyncDisposable {
  readonly ports: { readonly llm: number; readonly asr: number; readonly tts: number }
  configure(settings: Partial<SimulatorSettings>): void
  /** The next connection of the recogniser is the caller who says this. */
  expect(script: readonly SimulatedUtterance[]): void
  /** Requests that ended, and what was recognised, since the last time. */
  collect(): Promise<readonly SimulatorRecord[]>
}

/** @throws Error when the process does not get ready */
export async function startProviders(settings: SimulatorSettings): Promise<ProviderProcess> {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [JSON.stringify(settings)], {
    execArgv: ['--conditions=development'],
  })
  const ready = await answerOf<SimulatorReport, 'ready'>(child, 'ready')
  return {
    ports: ready,
    configure: (changes) => void child.send({ type: 'configure', settings: changes } satisfies SimulatorRequest),
    expect: (script) => void child.send({ type: 'expect', script } satisfies SimulatorRequest),
    async collect() {
      const answer = answerOf<SimulatorReport, 'records'>(child, 'records')
      child.send({ type: 'collect' } satisfies SimulatorRequest)
      return (await answer).records
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
    },
  }
}
