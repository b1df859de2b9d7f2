import { isIP } from 'node:net'

/** Whether a server bound to this host (an address or `localhost`) can be asked by its own machine alone. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
