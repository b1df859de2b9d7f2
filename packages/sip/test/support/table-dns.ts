import type { DnsAnswer, DnsPort, NaptrRecord, SrvRecord } from '../../src/resolve/dns-port.ts'

export interface DnsTable {
  readonly naptr?: Readonly<Record<string, readonly NaptrRecord[]>>
  readonly srv?: Readonly<Record<string, readonly SrvRecord[]>>
  readonly addresses?: Readonly<Record<string, readonly string[]>>
}

/** A name service that knows a table, can be switched off, and remembers what it was asked. */
export class TableDns implements DnsPort {
  readonly asked: string[] = []
  table: DnsTable
  ttlS = 60
  /** `down`: refuses; `silent`: never answers. */
  mode: 'up' | 'down' | 'silent' = 'up'

  constructor(table: DnsTable = {}) {
    this.table = table
  }

  naptr(name: string): Promise<DnsAnswer<NaptrRecord>> {
    return this.answer('naptr', name, this.table.naptr)
  }

  srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return this.answer('srv', name, this.table.srv)
  }

  addresses(name: string): Promise<DnsAnswer<string>> {
    return this.answer('addresses', name, this.table.addresses)
  }

  private async answer<T>(
    kind: string,
    name: string,
    rows: Readonly<Record<string, readonly T[]>> = {},
  ): Promise<DnsAnswer<T>> {
    this.asked.push(`${kind} ${name}`)
    if (this.mode === 'silent') return new Promise(() => {})
    if (this.mode === 'down') throw new Error('SERVFAIL')
    return { records: rows[name] ?? [], ttlS: this.ttlS }
  }
}

export const srv = (target: string, priority = 0, weight = 0, port = 5060): SrvRecord => ({
  priority,
  weight,
  port,
  target,
})
