/** `records` is empty when the name exists without such records, or not at all. */
export interface DnsAnswer<T> {
  readonly records: readonly T[]
  /** How long the answer holds. */
  readonly ttlS: number
}

/** @see RFC 3403 section 4.1 */
export interface NaptrRecord {
  readonly order: number
  readonly preference: number
  readonly flags: string
  readonly service: string
  readonly replacement: string
}

/** @see RFC 2782 */
export interface SrvRecord {
  readonly priority: number
  readonly weight: number
  readonly port: number
  readonly target: string
}

/** Asks the name service. A promise rejects when no server could be asked; absence is an empty answer. */
export interface DnsPort {
  naptr(name: string): Promise<DnsAnswer<NaptrRecord>>
  srv(name: string): Promise<DnsAnswer<SrvRecord>>
  /** IPv4 and IPv6 literals. */
  addresses(name: string): Promise<DnsAnswer<string>>
}
