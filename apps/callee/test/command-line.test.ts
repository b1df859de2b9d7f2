import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { makeDirectory, openPhone } from './phone-pair.ts'

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))

async function runPhone(script: string, args: readonly string[]) {
  const directory = await makeDirectory()
  const path = join(directory, 'script.yaml')
  await writeFile(path, script)
  const child = spawn(process.execPath, ['--conditions=development', program, '--script', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill()
  })
  const code = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](), code }
}

type Line = { readonly type: string; readonly port?: number; readonly outcome?: string; readonly message?: string }

async function readLine(lines: AsyncIterator<string>): Promise<Line> {
  const { value } = await lines.next()
  return JSON.parse(String(value)) as Line
}

test('the command answers one call and prints what it saw', { timeout: 15_000 }, async () => {
  const { lines, code } = await runPhone('answer: {}\nends: peer', ['--once'])
  const listening = await readLine(lines)
  expect(listening).toMatchObject({ type: 'listening' })
  const caller = await openPhone({})
  const to = `127.0.0.1:${listening.port}`
  const call = await caller.placeCall({ to, user: '1', script: { steps: [{ pause: 60 }] } })
  expect(await readLine(lines)).toMatchObject({ type: 'call', role: 'callee' })
  expect(await readLine(lines)).toMatchObject({ type: 'report', outcome: 'completed', endedBy: 'peer', problems: [] })
  expect((await call.ended).outcome).toBe('completed')
  expect(await code).toBe(0)
})

test('a wrong script ends the command with all its problems', { timeout: 15_000 }, async () => {
  const { lines, code } = await runPhone('codec: opus\nvoice: nobody', [])
  const line = await readLine(lines)
  expect(line.type).toBe('error')
  expect(line.message).toMatch(/codec.*voice/s)
  expect(await code).toBe(2)
})
