import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret } from '@parley/core'
import S3rver from 's3rver'

const bucket = 'recordings'

/** What the line to the service does to requests. `truncate`: takes uploads, loses their second half and says 200. */
type S3Fault = 'none' | 'refuse' | 'hang' | 'truncate'

/** As the store takes them. */
export interface S3HouseSettings {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly prefix: string
  readonly pathStyle: boolean
  readonly delivery: 'proxy' | 'redirect'
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: Secret }
}

/** An S3 server with a line to it that fails as told. */
export interface S3House extends AsyncDisposable {
  readonly settings: S3HouseSettings
  fault: S3Fault
  /** Verbs that came to the line. */
  readonly seen: string[]
}

/** Disposing ends it and deletes what it holds. */
export async function startS3(change: Partial<S3HouseSettings> = {}): Promise<S3House> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-s3-'))
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  })
  const { port } = (await server.run()) as AddressInfo
  const house: { fault: S3Fault; seen: string[] } = { fault: 'none', seen: [] }
  const line = faultyLine(port, house)
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  const settings: S3HouseSettings = {
    endpoint: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    region: 'us-east-1',
    bucket,
    prefix: 'calls/',
    pathStyle: true,
    delivery: 'proxy',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: new Secret('S3RVER') },
    ...change,
  }
  return Object.assign(house, {
    settings,
    async [Symbol.asyncDispose]() {
      line.closeAllConnections()
      await new Promise((resolve) => line.close(resolve))
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  })
}

function faultyLine(port: number, house: { readonly fault: S3Fault; readonly seen: string[] }): Server {
  return createServer((asked, answer) => {
    house.seen.push(asked.method ?? '')
    if (house.fault === 'hang') return
    if (house.fault === 'refuse') {
      asked.resume()
      answer.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
      return
    }
    const chunks: Buffer[] = []
    asked.on('data', (chunk: Buffer) => chunks.push(chunk))
    asked.on('end', () => {
      const whole = Buffer.concat(chunks)
      const body = house.fault === 'truncate' ? whole.subarray(0, Math.floor(whole.length / 2)) : whole
      const { method, url: path, headers } = asked
      const passed = { ...headers, 'content-length': String(body.length) }
      const onward = request({ port, host: '127.0.0.1', method, path, headers: passed }, (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers)
        response.pipe(answer)
      })
      onward.on('error', () => answer.destroy())
      onward.end(body)
    })
  })
}
