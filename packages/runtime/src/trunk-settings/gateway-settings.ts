import { z } from 'zod'
import { wholeWithin } from '../number-ranges.ts'
import { address, hostName } from './sip-text.ts'

/** Final responses that are the callee's word, or that other messages of ours answer. @see RFC 3261 section 21.4 */
const calleeStatuses = new Set([401, 404, 407, 410, 422, 484, 486, 487, 491])

/** Keys of a trunk that say where requests go, how, and what happens when they do not arrive. */
export const gatewaySettings = {
  gateways: z
    .array(
      // What is absent is found by DNS.
      z.strictObject({
        host: hostName,
        port: wholeWithin(1, 65_535).exactOptional(),
        transport: z.enum(['udp', 'tcp', 'tls']).exactOptional(),
        priority: wholeWithin(0, 65_535).exactOptional(),
        weight: wholeWithin(0, 65_535).exactOptional(),
      }),
    )
    .min(1, 'must have at least one entry'),
  tls: z
    .strictObject({
      serverName: hostName.exactOptional(),
      caFile: z.string().min(1).exactOptional(),
      certFile: z.string().min(1).exactOptional(),
      keyFile: z.string().min(1).exactOptional(),
      verify: z.boolean('must be true or false').exactOptional(),
      clientCertificate: z.literal('required').exactOptional(),
      clientName: hostName.exactOptional(),
    })
    .refine((tls) => (tls.certFile === undefined) === (tls.keyFile === undefined), {
      message: 'certFile and keyFile belong together',
    })
    .exactOptional(),
  outboundProxy: z
    .string()
    .regex(
      /^(sips?:)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?(;transport=(udp|tcp|tls))?(;lr)?$/,
      'must be a host or a SIP URI without user, e.g. sip:proxy.example.com;transport=tcp',
    )
    .exactOptional(),
  probe: z.strictObject({ everyS: wholeWithin(5, 3600) }).exactOptional(),
  failover: z
    .strictObject({
      statuses: z
        .array(
          wholeWithin(400, 599).refine((status) => !calleeStatuses.has(status), {
            message: 'speaks of the callee or of our credentials: every gateway would say the same',
          }),
        )
        .exactOptional(),
      firstResponseMs: wholeWithin(500, 32_000).exactOptional(),
    })
    .exactOptional(),
  keepaliveS: wholeWithin(5, 3600).exactOptional(),
  largeMessages: z.enum(['tcp', 'udp']).exactOptional(),
  advertised: z
    .strictObject({
      host: hostName.exactOptional(),
      port: wholeWithin(1, 65_535).exactOptional(),
      mediaHost: address.exactOptional(),
    })
    .exactOptional(),
  setupTimeoutMs: wholeWithin(1_000, 300_000).exactOptional(),
}
