import type { Clock, Logger, Random } from '@parley/core'
import type { DnsAnswer, DnsPort } from '../resolve/dns-port.ts'
import { GatewayDirectory, type GatewayTarget } from '../resolve/gateway-directory.ts'
import type { TrunkConfig, TrunkGateway } from '../trunk-config.ts'

/** One question to the name service and what came of it. */
export interface NameQuestion {
  readonly kind: 'NAPTR' | 'SRV' | 'A'
  readonly name: string
  /** One text per record; empty: the name has none, or does not exist. */
  readonly records: readonly string[]
  /** Why no name server could be asked. */
  readonly failure?: string
}

/** Where a gateway is, and how that was found out. */
export interface NameFacts {
  readonly questions: readonly NameQuestion[]
  /** In the order calls try them; empty: the gateway cannot be found. */
  readonly targets: readonly GatewayTarget[]
}

/** Looks for one gateway of a trunk as a start of the engine does. Takes 6 s at most. */
export async function findGateway(
  trunk: TrunkConfig,
  gateway: TrunkGateway,
  ports: { readonly dns: DnsPort; readonly clock: Clock; readonly random: Random; readonly logger: Logger },
): Promise<NameFacts> {
  const questions: NameQuestion[] = []
  const alone = { ...trunk, gateways: [gateway] }
  using directory = new GatewayDirectory([alone], { ...ports, dns: noting(ports.dns, questions) })
  await directory.start()
  return { questions, targets: directory.targetsOf(alone) }
}

/** The same name service, with a memory. */
function noting(dns: DnsPort, questions: NameQuestion[]): DnsPort {
  const note = async <T>(
    kind: NameQuestion['kind'],
    name: string,
    answer: Promise<DnsAnswer<T>>,
    textOf: (record: T) => string,
  ): Promise<DnsAnswer<T>> => {
    try {
      const found = await answer
      questions.push({ kind, name, records: found.records.map(textOf) })
      return found
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      questions.push({ kind, name, records: [], failure: code })
      throw error
    }
  }
  return {
    naptr: (name) => note('NAPTR', name, dns.naptr(name), ({ service, replacement }) => `${service} ${replacement}`),
    srv: (name) => note('SRV', name, dns.srv(name), ({ target, port }) => `${target}:${port}`),
    addresses: (name) => note('A', name, dns.addresses(name), (address) => address),
  }
}
