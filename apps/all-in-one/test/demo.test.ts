import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { mainFile, makeDataDir, removeDataDir } from './engine-process.ts'
import { levelDb, readStereoWav } from './stereo-wav.ts'

interface Demo {
  readonly sessionId: string
  readonly endStatus: string
  readonly turns: readonly {
    readonly user: string
    readonly assistant: string
    readonly v2vMs: number | null
    readonly timings: Readonly<Record<string, number>>
  }[]
  readonly bargeIns: number
  readonly recordingPath: string
  readonly cdr: Readonly<Record<string, unknown>>
}

const dataDir = makeDataDir()
afterAll(() => removeDataDir(dataDir))

test('the demo makes one call, says how it went in its last line, and ends', { timeout: 90_000 }, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=development', mainFile, '--demo', '--once', '--json'],
    {
      timeout: 85_000,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '/tmp',
        PARLEY_HTTP_PORT: '0',
        PARLEY_SIP_PORT: '0',
        PARLEY_DATA_DIR: dataDir,
      },
    },
  ).catch((error: { stderr: string; stdout: string }) => {
    throw new Error(`the demo failed\n${error.stderr}${error.stdout}`)
  })
  const demo = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Demo
  expect(demo).toMatchObject({ endStatus: 'ok', bargeIns: 1 })
  expect(demo.cdr).toMatchObject({ SessionId: demo.sessionId, EndStatusString: 'ok' })
  // On a busy machine a sentence may come as two turns, or with a word misheard.
  expect(demo.turns.length).toBeGreaterThanOrEqual(4)
  const user = demo.turns.map((turn) => turn.user).join(' ')
  for (const word of ['yes', 'another', 'tuesday', 'goodbye']) expect(user).toContain(word)
  for (const { assistant, v2vMs, timings } of demo.turns) {
    expect(assistant).not.toBe('')
    expect(v2vMs).toBeGreaterThan(0)
    expect(timings.firstPacketMs).toBeGreaterThan(0)
  }
  const recording = readStereoWav(readFileSync(demo.recordingPath))
  expect(recording.durationMs).toBeGreaterThan(5000)
  expect(levelDb(recording.left, 0, recording.durationMs)).toBeGreaterThan(-50)
  expect(levelDb(recording.right, 0, recording.durationMs)).toBeGreaterThan(-50)
})
