import type { Server, Socket } from 'node:net'
import Srf from 'drachtio-srf'

/** A request as drachtio-srf gives it: one that came in, or the echo of one that the server sent for us. */
export interface DrachtioRequest {
  readonly method: string
  /** The message as it stood on the wire. */
  readonly raw: string
  /** `application`: made by the server itself, e.g. the BYE after a missing ACK. */
  readonly source: string
  readonly source_address: string
  readonly source_port: number
  readonly protocol: string
  readonly stackTxnId: string
  readonly stackDialogId?: string
  readonly socket?: Socket
  on(event: 'response', listener: (response: DrachtioResponse, acknowledge: () => void) => void): void
  on(event: 'cancel', listener: () => void): void
  on(event: 'update', listener: (request: DrachtioRequest, response: DrachtioResponse) => void): void
}

/** A response that came in, or the one to be sent for a request. */
export interface DrachtioResponse {
  readonly status: number
  readonly raw: string
  readonly source_address: string
  readonly source_port: number
  readonly protocol: string
  readonly stackDialogId?: string
  send(
    status: number,
    reason: string,
    options: { readonly headers: Readonly<Record<string, string>>; readonly body?: string },
    onSent: (error: unknown, sent?: { readonly raw: string }) => void,
  ): void
}

export interface DrachtioRequestOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** `sip:` URI to send to instead of the Request-URI. */
  readonly proxy?: string
  /** Inside a dialog that the server knows. */
  readonly stackDialogId?: string
  /** CANCEL only: the INVITE. */
  readonly stackTxnId?: string
  readonly _socket?: Socket
}

type RequestHandler = (request: DrachtioRequest, response: DrachtioResponse) => void

/** What of drachtio-srf is used; its own types leave most of this out. */
export interface DrachtioClient {
  use(handler: RequestHandler): void
  /** Also asks each server for new requests of that method. */
  use(method: string, handler: RequestHandler): void
  connect(options: Readonly<Record<string, unknown>>): void
  listen(options: { readonly server: Server; readonly secret: string }): void
  disconnect(): void
  endSession(holder: { readonly socket?: Socket }): void
  request(
    uri: string,
    options: DrachtioRequestOptions,
    onSent: (error: Error | null, request?: DrachtioRequest) => void,
  ): void
  on(event: 'connect', listener: (error: Error | null, hostPorts?: string) => void): void
  on(event: 'error', listener: (error: Error) => void): void
  on(event: 'close', listener: (socket: Socket) => void): void
}

/** Not connected yet. */
export function createDrachtioClient(): DrachtioClient {
  // Its declarations differ from what it does; this file is the one place that knows.
  return new Srf() as unknown as DrachtioClient
}
