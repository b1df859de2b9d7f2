import { z } from 'zod'

const file = z.string().min(1)

/** Where to call. What is absent is found by DNS. */
export const gateway = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).exactOptional(),
  transport: z.enum(['udp', 'tcp', 'tls']).exactOptional(),
  priority: z.int().min(0).max(65_535).exactOptional(),
  weight: z.int().min(0).max(65_535).exactOptional(),
})

/** Answers of or about the callee, and challenges: never a reason to try another gateway. */
const calleesAnswers = [401, 404, 407, 484, 486, 487]

/** Keys of a trunk that say how its gateways are reached. */
export const trunkTransport = {
  tls: z
    .strictObject({
      serverName: z.string().min(1).exactOptional(),
      caFile: file.exactOptional(),
      certFile: file.exactOptional(),
      keyFile: file.exactOptional(),
      verify: z.boolean('must be true or false').exactOptional(),
      clientCertificate: z.literal('required').exactOptional(),
      clientName: z.string().min(1).exactOptional(),
    })
    .exactOptional(),
  firstResponseMs: z.int().min(500).max(32_000).exactOptional(),
  failover: z
    .strictObject({
      statuses: z.array(
        z
          .int()
          .min(400)
          .max(599)
          .refine((status) => !calleesAnswers.includes(status), 'must not be an answer of the callee'),
      ),
    })
    .exactOptional(),
  probe: z.strictObject({ everyS: z.int().min(15).max(60) }).exactOptional(),
  keepaliveS: z.int().min(5).max(3_600).exactOptional(),
}
