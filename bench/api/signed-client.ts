import { createHash, createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { application } from './api-protocol.ts'

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Requests to the API as a client signs them (TC3), over connections that are kept. */
export class SignedClient implements Disposable {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 })
  private readonly port: number

  constructor(port: number) {
    this.port = port
  }

  /** The `Response` of an action. @throws Error when it is one of its errors */
  async action(
    name: string,
    parameters: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>> {
    const body = JSON.stringify(parameters)
    const timestamp = Math.floor(Date.now() / 1_000)
    const date = new Date(timestamp * 1_000).toISOString().slice(0, 10)
    const host = `127.0.0.1:${this.port}`
    const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${sha256(body)}`
    const scope = `${date}/ccc/tc3_request`
    const key = hmac(hmac(hmac(`TC3${application.secretKey}`, date), 'ccc'), 'tc3_request')
    const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString('hex')
    const text = await this.send('POST', '/', body, {
      host,
      'x-tc-action': name,
      'x-tc-version': '2020-02-10',
      'x-tc-timestamp': String(timestamp),
      authorization: `TC3-HMAC-SHA256 Credential=${application.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
    })
    const { Response: answer } = JSON.parse(text) as { readonly Response: { readonly Error?: unknown } }
    if (answer.Error) throw new Error(`${name}: ${JSON.stringify(answer.Error)}`)
    return answer as Readonly<Record<string, unknown>>
  }

  /** What a route of the management API answers. @throws Error when it is no 200 */
  async get(path: string): Promise<Readonly<Record<string, unknown>>> {
    const key = Buffer.from(`${application.secretId}:${application.secretKey}`).toString('base64')
    return JSON.parse(await this.send('GET', path, undefined, { authorization: `Basic ${key}` }))
  }

  /** To the bare server. */
  async echo(body: string): Promise<void> {
    await this.send('POST', '/', body, {})
  }

  [Symbol.dispose](): void {
    this.agent.destroy()
  }

  private send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.agent,
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          headers: { 'content-type': 'application/json', ...headers },
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            text += chunk
          })
          response.on('error', reject)
          response.on('end', () =>
            response.statusCode === 200
              ? resolve(text)
              : reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`)),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }
}
