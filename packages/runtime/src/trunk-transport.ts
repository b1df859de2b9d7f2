import { z } from 'zod'

const file = z.string().min(1)

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
  keepaliveS: z.int().min(5).max(3_600).exactOptional(),
}
