import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Path of a drachtio-server binary; without it the scenarios on a real server are skipped. */
export const drachtioBinary = process.env.DRACHTIO_BINARY

export const serverSecret = 'secret-of-tests'

export interface RealServer {
  readonly adminPort: number
  readonly sipPort: number
  stop(): Promise<void>
}

/** Starts the binary on free ports; bounded by `timeout`. `handlerUrl`: outbound mode. */
export async function startRealServer(binary: string, handlerUrl?: string): Promise<RealServer> {
  const adminPort = await freePort()
  const sipPort = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'parley-drachtio-'))
  const handlers = handlerUrl
    ? `<request-handlers><request-handler sip-method="INVITE">${handlerUrl}</request-handler></request-handlers>`
    : ''
  writeFileSync(
    join(directory, 'drachtio.conf.xml'),
    `<drachtio>
      <admin port="${adminPort}" secret="${serverSecret}">127.0.0.1</admin>
      ${handlers}
      <sip><contacts><contact>sip:127.0.0.1:${sipPort};transport=udp,tcp</contact></contacts></sip>
      <cdrs>false</cdrs>
      <logging><console/><sofia-loglevel>3</sofia-loglevel><loglevel>debug</loglevel></logging>
    </drachtio>`,
  )
  const child = spawn('timeout', ['600', binary, '-f', join(directory, 'drachtio.conf.xml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await untilStarted(child)
  return {
    adminPort,
    sipPort,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function untilStarted(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const look = (chunk: Buffer) => {
      if (process.env.DRACHTIO_LOG) process.stderr.write(chunk)
      log = (log + chunk).slice(-8_000)
      if (log.includes('Starting sofia event loop')) resolve()
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', (code) => reject(new Error(`drachtio-server ended with ${code}: ${log}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
