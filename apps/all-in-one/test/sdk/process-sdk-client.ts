import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { SdkAnswer, SdkClient } from './sdk-client.ts'

const answerWithinMs = 40_000

/** An SDK of another language: a program that is started with endpoint and SecretId and answers a line with a line. */
export function processSdkClient(
  name: string,
  command: readonly string[],
  endpoint: string,
  secretId: string,
): SdkClient {
  const [program = '', ...rest] = command
  const child = spawn(program, [...rest, endpoint, secretId], { stdio: ['pipe', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let last: Promise<unknown> = Promise.resolve()

  async function exchange(line: string): Promise<SdkAnswer> {
    child.stdin.write(`${line}\n`)
    const timer = setTimeout(() => child.kill('SIGKILL'), answerWithinMs)
    const { value, done } = await lines.next().finally(() => clearTimeout(timer))
    if (done) throw new Error(`the client ${name} ended, or said nothing for ${answerWithinMs / 1000} s`)
    return JSON.parse(value)
  }
  return {
    name,
    call(use) {
      const answer = last.then(() => exchange(JSON.stringify(use)))
      last = answer.catch(() => undefined)
      return answer
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await closed
      clearTimeout(timer)
    },
  }
}
