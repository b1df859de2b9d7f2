import type { Socket } from 'node:net'
import type { Clock, Logger, Random } from '@parley/core'
import type { DrachtioLink } from './drachtio-link.ts'
import type { InboundRequest } from './inbound-request.ts'

/** What of a call a connection and its dialogs may be asked for. */
export interface DrachtioUsage {
  readonly link: DrachtioLink
  readonly socket: Socket | undefined
  receive(request: InboundRequest): void
  /** The server is gone, and with it the dialog. */
  lost(): void
}

/** What calls and registrations of the stack share. */
export interface DrachtioContext {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly userAgent: string
  /** Requests of ours without a final response; the shutdown waits for them. */
  readonly pending: Set<{ readonly link: DrachtioLink }>
  addDialog(id: string, usage: DrachtioUsage): void
  removeDialog(id: string): void
  countReceived(): void
}
