/** Plain data only. Personal data goes under keys that start with `pii.`; secrets never. */
export type LogFields = Readonly<Record<string, unknown>>

/** Message is a constant string in lower case; everything variable is a field. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  child(fields: LogFields): Logger
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
}
