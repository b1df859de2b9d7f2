import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { SimulatorReport, SimulatorRequest, SimulatorSettings } from './protocol.ts'
import type { SimulatorRecord } from './request-log.ts'

/** The simulated providers in their own process. */
export interface ProviderProcess extends AsyncDisposable {
  readonly ports: { readonly llm: number; readonly asr: number; readonly tts: number }
  configure(settings: Partial<SimulatorSettings>): void
  /** Requests that ended, and what was recognised, since the last time. */
  collect(): Promise<readonly SimulatorRecord[]>
}

const answerWithinMs = 10_000

/** @throws Error when the process does not get ready */
export async function startProviders(settings: SimulatorSettings): Promise<ProviderProcess> {
  const child = fork(fileURLToPath(new URL('main.ts', import.meta.url)), [JSON.stringify(settings)], {
    execArgv: ['--conditions=development'],
  })
  const ready = await answerOf(child, 'ready')
  return {
    ports: ready,
    configure: (changes) => void child.send({ type: 'configure', settings: changes } satisfies SimulatorRequest),
    async collect() {
      const answer = answerOf(child, 'records')
      child.send({ type: 'collect' } satisfies SimulatorRequest)
      return (await answer).records
    },
    async [Symbol.asyncDispose]() {
      child.disconnect()
    },
  }
}

function answerOf<T extends SimulatorReport['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<SimulatorReport, { type: T }>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(watchdog)
      child.off('message', onMessage)
      child.off('exit', onExit)
      act()
    }
    const onMessage = (message: SimulatorReport) => {
      if (message.type === type) settle(() => resolve(message as Extract<SimulatorReport, { type: T }>))
    }
    const onExit = () => settle(() => reject(new Error('the provider process ended')))
    const watchdog = setTimeout(
      () => settle(() => reject(new Error(`the provider process did not say ${type}`))),
      answerWithinMs,
    )
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}
