import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const mainFile = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export const testApplication = { sdkAppId: 1_400_000_001, secretId: 'AKIDtest', secretKey: 'test-secret-key' }

/** Header of its key for the management API. */
export const testAuthorization = `Basic ${btoa(`${testApplication.secretId}:${testApplication.secretKey}`)}`

export interface TestTrunk {
  readonly name: string
  readonly port: number
  readonly number: string
  /** Further members of the trunk, as in parley.yaml. */
  readonly extra?: Readonly<Record<string, unknown>>
}

export interface EngineProcess {
  readonly child: ChildProcess
  readonly httpPort: number
  readonly sipPort: number
  readonly dataDir: string
  /** Everything the engine wrote to stderr so far. */
  readonly log: () => string
  /** SIGTERM, or the given signal; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export interface EngineOptions {
  readonly trunks: readonly TestTrunk[]
  /** Further top-level members of parley.yaml. */
  readonly config?: Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string>>
  /** Use this data directory instead of a fresh one. */
  readonly dataDir?: string
  /** Command in front of the engine's that replaces itself by it, e.g. `ip netns exec name`. */
  readonly within?: readonly string[]
}

export interface FailedStart {
  readonly code: number | null
  /** What it told the operator. */
  readonly stderr: string
}

let nextRtpPort = 30_000 + (process.pid % 100) * 100

/** Runs the engine as users do, as a process of its own, with a file, and waits until it is ready. */
export async function startEngineProcess(options: EngineOptions): Promise<EngineProcess> {
  const dataDir = options.dataDir ?? makeDataDir()
  const configPath = writeConfig(dataDir, options)
  const environment = { PARLEY_DATA_DIR: dataDir, PARLEY_CONFIG: configPath, ...options.environment }
  const child = spawnEngine([], environment, options.within)
  let log = ''
  child.stderr?.on('data', (chunk) => {
    log = (log + chunk).slice(-1_000_000)
  })
  const ready = await readyLine(child, () => log)
  return {
    child,
    httpPort: ready.http,
    sipPort: ready.sip,
    dataDir,
    log: () => log,
    stop: (signal = 'SIGTERM') => stopProcess(child, signal),
  }
}

/** Starts the engine where it cannot start, and waits for its end. @throws Error when it is still there after 50 s */
export async function failedStart(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<FailedStart> {
  const child = spawnEngine(args, environment)
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  child.stdout?.resume()
  let overdue = false
  const deadline = setTimeout(() => {
    overdue = true
    child.kill('SIGKILL')
  }, 50_000)
  await once(child, 'close')
  clearTimeout(deadline)
  if (overdue) throw new Error(`the engine did not end by itself\n${stderr}`)
  return { code: child.exitCode, stderr }
}

/** Writes the configuration file and says where it is. */
export function writeConfig(directory: string, options: EngineOptions): string {
  const path = join(directory, 'parley.yaml')
  writeFileSync(path, JSON.stringify(configFile(options)))
  return path
}

function spawnEngine(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  within: readonly string[] = [],
): ChildProcess {
  const rtpFrom = nextRtpPort
  nextRtpPort += 200
  const [program = '', ...rest] = [...within, process.execPath, '--conditions=development', mainFile, ...args]
  return spawn(program, rest, {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '/tmp',
      PARLEY_HTTP_PORT: '0',
      PARLEY_SIP_PORT: '0',
      PARLEY_RTP_PORTS: `${rtpFrom}-${rtpFrom + 199}`,
      PARLEY_READY_JSON: '1',
      // Nearly all tests are about what is said.
      PARLEY_COMPLIANCE_TONE: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export function makeDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-engine-'))
  // As root the database drops to another user, who must be able to enter.
  chmodSync(dataDir, 0o755)
  return dataDir
}

export function removeDataDir(dataDir: string): void {
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
}

function configFile(options: EngineOptions): unknown {
  const { sdkAppId, secretId, secretKey } = testApplication
  return {
    applications: [{ sdkAppId, keys: [{ secretId, secretKey }] }],
    trunks: options.trunks.map(({ name, port, number, extra }) => ({
      name,
      gateways: [{ host: '127.0.0.1', port, transport: 'udp' }],
      numbers: [number],
      limits: { maxConcurrent: 50, maxCps: 50 },
      ...extra,
    })),
    ...options.config,
  }
}

async function readyLine(child: ChildProcess, log: () => string): Promise<{ http: number; sip: number }> {
  if (!child.stdout) throw new Error('no stdout')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error(`the engine was not ready in 60 s\n${log()}`)), 60_000)
    child.once('exit', (code) => {
      clearTimeout(deadline)
      reject(new Error(`the engine ended with ${code} before it was ready\n${log()}`))
    })
    lines.on('line', (line) => {
      if (!line.startsWith('{"ready"')) return
      clearTimeout(deadline)
      resolve(JSON.parse(line))
    })
  })
}

async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill(signal)
  const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(deadline)
  return child.exitCode
}
