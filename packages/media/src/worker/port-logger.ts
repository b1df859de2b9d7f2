import type { LogFields, Logger } from '@parley/core'
import type { FromWorker, LogLevel, WorkerPort } from './messages.ts'

/** A logger that writes through the main thread's. */
export class PortLogger implements Logger {
  private readonly port: WorkerPort
  private readonly bound: LogFields

  constructor(port: WorkerPort, bound: LogFields = {}) {
    this.port = port
    this.bound = bound
  }

  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields)
  }

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields)
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields)
  }

  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields)
  }

  child(fields: LogFields): Logger {
    return new PortLogger(this.port, { ...this.bound, ...fields })
  }

  private write(level: LogLevel, message: string, fields: LogFields = {}): void {
    this.port.postMessage({ type: 'log', level, message, fields: { ...this.bound, ...fields } } satisfies FromWorker)
  }
}
