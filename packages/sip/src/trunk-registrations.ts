import type { GatewayPool } from './gateway-pool.ts'
import type { RegistrationHandle, SipStack } from './sip-stack.ts'
import type { TrunkConfig } from './trunk-config.ts'
import { credentialsOf } from './trunk-credentials.ts'

interface Kept {
  /** What the registration is made of. */
  readonly key: string
  readonly handle: RegistrationHandle
}

export interface RegistrationState {
  readonly isRegistered: boolean
  readonly lastFailure?: string
}

/** One registration for each trunk that wants one. */
export class TrunkRegistrations {
  private readonly stack: SipStack
  private readonly gateways: Pick<GatewayPool, 'targetsOf' | 'answered' | 'failed'>
  /** The trunk of that name as it is now. */
  private readonly find: (name: string) => TrunkConfig | undefined
  private readonly kept = new Map<string, Kept>()

  constructor(
    stack: SipStack,
    gateways: Pick<GatewayPool, 'targetsOf' | 'answered' | 'failed'>,
    find: (name: string) => TrunkConfig | undefined,
  ) {
    this.stack = stack
    this.gateways = gateways
    this.find = find
  }

  /** Starts what is new, ends what is gone, and makes anew what is to be registered in another way. */
  apply(trunks: readonly TrunkConfig[]): void {
    const wanted = new Map(trunks.filter(({ auth }) => auth.kind === 'register').map((trunk) => [trunk.name, trunk]))
    for (const [name, { key, handle }] of this.kept) {
      const trunk = wanted.get(name)
      if (trunk && keyOf(trunk) === key) continue
      this.kept.delete(name)
      handle.close()
    }
    for (const trunk of wanted.values()) {
      const handle = this.kept.has(trunk.name) ? undefined : this.start(trunk)
      if (handle) this.kept.set(trunk.name, { key: keyOf(trunk), handle })
    }
  }

  /** Undefined: the trunk does not register. */
  stateOf(name: string): RegistrationState | undefined {
    const handle = this.kept.get(name)?.handle
    if (!handle) return undefined
    const { isRegistered, lastFailure } = handle
    return { isRegistered, ...(lastFailure === undefined ? {} : { lastFailure }) }
  }

  private start(trunk: TrunkConfig): RegistrationHandle | undefined {
    const credentials = credentialsOf(trunk)
    if (!credentials) return undefined
    const { account = credentials.username, expiresS = 300 } = trunk.auth
    return this.stack.register({
      gateways: trunk.gateways,
      hops: () => this.gateways.targetsOf(this.find(trunk.name) ?? trunk).map(({ hop }) => hop),
      onAttempt: (hop, failure) =>
        failure ? this.gateways.failed(hop, { detail: failure }) : this.gateways.answered(hop),
      domain: trunk.fromDomain ?? trunk.gateways[0]?.host ?? '',
      account,
      credentials,
      expiresS,
    })
  }
}

/** Not to be logged: it holds the password. */
function keyOf(trunk: TrunkConfig): string {
  const { auth, gateways, fromDomain, outboundProxy, tls, advertised } = trunk
  const { kind, realm, account, expiresS } = auth
  return JSON.stringify([
    credentialsOf(trunk),
    kind,
    realm,
    account,
    expiresS,
    gateways,
    fromDomain,
    outboundProxy,
    tls,
    advertised,
  ])
}
