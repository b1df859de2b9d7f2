import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Clock, Logger } from '@parley/core'
import { VoiceError } from '@parley/core'
import type { ClientCertificate, SourceGate } from './embedded/transport/transport.ts'
import { matchNumber } from './number-format.ts'
import type { SipTransportName, TrunkConfig } from './trunk-config.ts'

const resolveEveryMs = 60_000

/** Where an incoming call came from: an address literal, and how. */
export interface TrunkSource {
  readonly source: string
  readonly transport?: SipTransportName
}

export type TrunkMatch =
  | { readonly kind: 'found'; readonly trunk: TrunkConfig; readonly number: string }
  | { readonly kind: 'unknownNumber' }

/** All trunks, by name and by the addresses they call from. */
export class TrunkBook implements Disposable, SourceGate {
  private readonly trunks: readonly TrunkConfig[]
  private readonly fixed = new Map<TrunkConfig, BlockList>()
  private readonly resolved = new Map<TrunkConfig, ReadonlySet<string>>()
  private readonly clock: Clock
  private readonly logger: Logger
  private timer: Disposable | undefined
  private disposed = false

  /** @throws VoiceError CONFIG_INVALID */
  constructor(trunks: readonly TrunkConfig[], clock: Clock, logger: Logger) {
    this.trunks = trunks
    this.clock = clock
    this.logger = logger
    for (const trunk of trunks) {
      if (trunk.gateways.length === 0) throw invalid(`trunk ${trunk.name} has no gateway`)
      if (trunk.auth.kind !== 'none' && !trunk.auth.username) throw invalid(`trunk ${trunk.name} has no username`)
      checkTls(trunk)
      this.fixed.set(trunk, sourcesOf(trunk))
    }
  }

  /** Looks up gateways given by name, now and then every minute. */
  async resolve(): Promise<void> {
    const named = this.trunks.filter((trunk) => trunk.gateways.some((gateway) => isIP(gateway.host) === 0))
    if (named.length === 0) return
    await Promise.all(named.map((trunk) => this.resolveTrunk(trunk)))
    if (this.disposed) return
    this.timer = this.clock.setTimer(this.clock.nowMs() + resolveEveryMs, () => void this.resolve())
  }

  find(name: string): TrunkConfig | undefined {
    return this.trunks.find((trunk) => trunk.name === name)
  }

  knowsSource(address: string, transport: SipTransportName): boolean {
    return this.trunks.some((trunk) => this.callsFrom(trunk, address, transport))
  }

  /** Of an address whose trunks require certificates, one that satisfies any of these trunks is needed. */
  acceptsCertificate(address: string, certificate: ClientCertificate | undefined): boolean {
    const callers = this.trunks.filter((trunk) => this.callsFrom(trunk, address, 'tls'))
    const strict = callers.filter((trunk) => trunk.tls?.clientCertificate === 'required')
    if (strict.length === 0) return callers.length > 0
    if (!certificate) return false
    return strict.some(({ tls }) => tls?.clientName === undefined || certificate.isFor(tls.clientName))
  }

  /** The trunk of an incoming call: the source decides who may call, the number which of its trunks is meant. */
  match(from: TrunkSource, calledUsers: readonly string[]): TrunkMatch {
    const trunks = this.trunks.filter((trunk) => this.callsFrom(trunk, from.source, from.transport))
    for (const called of calledUsers) {
      for (const trunk of trunks) {
        const number = matchNumber(called, trunk.numbers)
        if (number !== undefined) return { kind: 'found', trunk, number }
      }
    }
    // A registered account with one number is called by its account name.
    for (const trunk of trunks) {
      const [only, ...more] = trunk.numbers
      const byAccount = trunk.auth.kind === 'register' && calledUsers.includes(trunk.auth.username ?? '')
      if (byAccount && only !== undefined && more.length === 0) return { kind: 'found', trunk, number: only }
    }
    return { kind: 'unknownNumber' }
  }

  [Symbol.dispose](): void {
    this.disposed = true
    this.timer?.[Symbol.dispose]()
  }

  private callsFrom(trunk: TrunkConfig, address: string, transport: SipTransportName | undefined): boolean {
    // Anybody can write the source address of a datagram; a certificate is not so easily had.
    if (trunk.tls?.clientCertificate === 'required' && transport !== 'tls') return false
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (this.resolved.get(trunk)?.has(address)) return true
    return this.fixed.get(trunk)?.check(address, family) ?? false
  }

  private async resolveTrunk(trunk: TrunkConfig): Promise<void> {
    const names = trunk.gateways.map((gateway) => gateway.host).filter((host) => isIP(host) === 0)
    const addresses = new Set<string>()
    for (const name of names) {
      try {
        for (const { address } of await lookup(name, { all: true })) addresses.add(address)
      } catch {
        // What was known before stays in force until the name resolves again.
        for (const address of this.resolved.get(trunk) ?? []) addresses.add(address)
        this.logger.warn('gateway name does not resolve', { trunk: trunk.name, gateway: name })
      }
    }
    this.resolved.set(trunk, addresses)
  }
}

function sourcesOf(trunk: TrunkConfig): BlockList {
  const list = new BlockList()
  for (const { host } of trunk.gateways) if (isIP(host) !== 0) list.addAddress(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
  for (const source of trunk.allowedSources ?? []) {
    const [address = '', bits] = source.split('/')
    const version = isIP(address)
    const length = Number(bits ?? (version === 6 ? 128 : 32))
    if (version === 0 || !(length >= 0 && length <= (version === 6 ? 128 : 32))) {
      throw invalid(`trunk ${trunk.name}: ${source} is no address or range`)
    }
    list.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** A wrong file is found at start, not by the first call. */
function checkTls(trunk: TrunkConfig): void {
  if (!trunk.tls) return
  const { caFile, certFile, keyFile } = trunk.tls
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw invalid(`trunk ${trunk.name}: tls.certFile and tls.keyFile go together`)
  }
  try {
    createSecureContext({
      ...(caFile && { ca: readFileSync(caFile) }),
      ...(certFile && { cert: readFileSync(certFile) }),
      ...(keyFile && { key: readFileSync(keyFile) }),
    })
  } catch (error) {
    throw invalid(`trunk ${trunk.name}: tls: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const invalid = (detail: string) => new VoiceError('CONFIG_INVALID', { detail })
