import type { ChildProcess } from 'node:child_process'

const answerWithinMs = 10_000

/**
 * The next message of that `type` from a process of the bench. One that takes longer than 10 s is ended.
 * @throws Error when the process ends first
 */
export function answerOf<Report extends { readonly type: string }, T extends Report['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<Report, { readonly type: T }>> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(watchdog)
      child.off('message', onMessage)
      child.off('exit', onExit)
      act()
    }
    const onMessage = (message: Report) => {
      if (message.type === type) settle(() => resolve(message as Extract<Report, { readonly type: T }>))
    }
    const onExit = () => settle(() => reject(new Error(`the process that should say ${type} ended`)))
    const watchdog = setTimeout(() => child.kill(), answerWithinMs)
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}
