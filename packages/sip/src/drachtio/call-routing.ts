import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { SipStackOwner } from '../sip-stack.ts'
import { transportNamed } from './drachtio-message.ts'

/** What a drachtio-server is told to do with a new request. */
type RoutingInstruction =
  | { readonly action: 'route'; readonly data: { readonly uri: string } }
  | { readonly action: 'reject'; readonly data: { readonly status: number; readonly reason: string } }

type RoutingOwner = Pick<SipStackOwner, 'knowsSource' | 'isDraining'>

/**
 * Decides by the query of a request handler's GET.
 * @param uri `host:port` of the application, reachable for the server
 */
export function routingFor(query: URLSearchParams, owner: RoutingOwner, uri: string): RoutingInstruction {
  if (!owner.knowsSource(query.get('source_address') ?? '', transportNamed(query.get('protocol'))))
    return reject(403, 'Forbidden')
  if (owner.isDraining()) return reject(503, 'Service Unavailable')
  return { action: 'route', data: { uri } }
}

const reject = (status: number, reason: string): RoutingInstruction => ({ action: 'reject', data: { status, reason } })

/** The HTTP endpoint that drachtio-servers ask in outbound mode. */
export class CallRouting implements AsyncDisposable {
  readonly port: number
  private readonly server: Server

  private constructor(server: Server, port: number) {
    this.server = server
    this.port = port
  }

  /** `port` 0: any free one. @throws the bind error */
  static async open(options: {
    readonly host: string
    readonly port: number
    readonly owner: RoutingOwner
    readonly uri: string
  }): Promise<CallRouting> {
    const server = createServer((request, response) => {
      const query = new URL(request.url ?? '/', 'http://routing.invalid').searchParams
      if (request.method !== 'GET' || !query.has('source_address')) {
        response.writeHead(400).end()
        return
      }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(routingFor(query, options.owner, options.uri)))
    })
    server.listen(options.port, options.host)
    await once(server, 'listening')
    const address = server.address()
    return new CallRouting(server, typeof address === 'object' && address ? address.port : options.port)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }
}
