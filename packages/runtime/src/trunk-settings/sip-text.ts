import { z } from 'zod'

/** A DNS name or an address literal; IPv6 without brackets. */
export const hostName = z
  .string()
  .min(1, 'must not be empty')
  .max(253)
  .regex(/^([A-Za-z0-9._-]+|[0-9A-Fa-f:.]+)$/, 'must be a host name or an address')

/** An address literal. */
export const address = z.union([z.ipv4(), z.ipv6()], {
  error: 'must be an IPv4 or IPv6 address',
})

/** An address or a CIDR range. */
export const addressRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be an address or a range like 192.0.2.0/24',
})

/** Text that may stand in a header: printable, one line. */
export const headerText = z
  .string()
  .max(256)
  .regex(/^\P{Cc}*$/u, 'must not contain line ends or other control characters')

/** User part of a SIP URI: an account, an extension or a number. */
export const userPart = z.string().regex(/^[+0-9A-Za-z*#._~-]{1,64}$/, 'must be 1-64 letters, digits or + * # . _ ~ -')

/** Digits, with or without a leading `+`. */
export const phoneNumber = z.string().regex(/^\+?[0-9]{2,20}$/, 'must be digits, with or without a leading +')
