import { type Clock, type Logger, waitUntil } from '@parley/core'
import pg from 'pg'
import { clientConfig } from './connect.ts'

/**
 * `parley_queue`: a call was queued or a slot became free. `parley_call`: the call named in the payload changed stage.
 * `parley_push`: the outbox was filled. `parley_settings`: applications or keys were changed.
 */
type NotificationChannel = 'parley_queue' | 'parley_call' | 'parley_push' | 'parley_settings'

const channels: readonly NotificationChannel[] = ['parley_queue', 'parley_call', 'parley_push', 'parley_settings']
const reconnectMs = 500

export interface NotificationOptions {
  readonly url: string
  readonly clock: Clock
  readonly logger: Logger
  /** After a reconnect it is called once per channel without payload: anything may have been missed. */
  readonly onNotice: (channel: NotificationChannel, payload: string | undefined) => void
}

interface Listener {
  readonly client: pg.Client
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>
}

/**
 * Hears the database's notifications on a connection of its own. They only shorten waiting: everybody who uses them
 * also looks by himself now and then, so a lost connection is reconnected without haste.
 */
export class Notifications implements AsyncDisposable {
  private readonly stop = new AbortController()
  private readonly options: NotificationOptions
  private listener: Listener | undefined
  private running: Promise<void> = Promise.resolve()

  constructor(options: NotificationOptions) {
    this.options = options
  }

  /** Resolves when the channels are heard. Rejects when the first connection fails. */
  async open(): Promise<void> {
    this.listener = await this.connect()
    this.running = this.keepOpen()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort()
    await this.listener?.client.end().catch(() => {})
    await this.running
  }

  private async keepOpen(): Promise<void> {
    const { clock, logger, onNotice } = this.options
    while (!this.stop.signal.aborted) {
      await this.listener?.ended
      if (this.stop.signal.aborted) return
      logger.warn('database notifications were lost')
      await waitUntil(clock, clock.nowMs() + reconnectMs, this.stop.signal).catch(() => {})
      if (this.stop.signal.aborted) return
      try {
        this.listener = await this.connect()
      } catch (error) {
        logger.debug('database notifications cannot reconnect', { error: String(error) })
        continue
      }
      // Stopped while connecting: nobody else knows of this connection.
      if (this.stop.signal.aborted) await this.listener.client.end().catch(() => {})
      for (const channel of channels) onNotice(channel, undefined)
    }
  }

  private async connect(): Promise<Listener> {
    const client = new pg.Client(clientConfig(this.options.url))
    // An error is followed by the end of the connection, which is what matters.
    client.on('error', () => {})
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
    client.on('notification', ({ channel, payload }) => {
      const known = channels.find((name) => name === channel)
      if (known) this.options.onNotice(known, payload)
    })
    try {
      await client.connect()
      for (const channel of channels) await client.query(`listen ${channel}`)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    return { client, ended }
  }
}
