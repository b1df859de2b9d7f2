import type { Clock } from '@parley/core'
import type { GatewayTarget } from '../resolve/gateway-directory.ts'
import type { TrunkConfig } from '../trunk-config.ts'
import { profileOf } from '../trunk-profile.ts'
import type { Binding, BindingChange } from './binding-table.ts'
import { withChange } from './binding-table.ts'
import type { PhoneAccount, PhoneState } from './phone-account.ts'
import { PlaceIndex } from './place-index.ts'

/** How a telephone is called. Disposing `place` makes it free for the next call. */
export type PhoneRoute =
  | {
      readonly kind: 'found'
      readonly trunk: TrunkConfig
      readonly targets: readonly GatewayTarget[]
      readonly place: Disposable
    }
  | { readonly kind: 'refused'; readonly status: 404 | 480 | 486; readonly reason: string }

interface Entry {
  readonly account: PhoneAccount
  bindings: readonly Binding[]
  calls: number
}

/** The telephones that may register, where those that did are, and which are in a call. Kept in memory alone. */
export class PhoneBook {
  private readonly clock: Clock
  private entries = new Map<string, Entry>()
  /** Accounts by the addresses of their bindings, also of those that ran out since they were last changed. */
  private readonly places = new PlaceIndex<Entry>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  get isEmpty(): boolean {
    return this.entries.size === 0
  }

  /** From now on these. One that is gone, or has another password, is not registered any more; its calls go on. */
  replace(accounts: readonly PhoneAccount[]): void {
    const former = this.entries
    this.entries = new Map(
      accounts.map((account) => {
        const key = keyOf(account.user, account.domain)
        const known = former.get(key)
        if (known?.account.password === account.password) return [key, known]
        if (known) this.bind(known, [])
        return [key, { account, bindings: [], calls: known?.calls ?? 0 }]
      }),
    )
    for (const [key, entry] of former) if (!this.entries.has(key)) this.bind(entry, [])
  }

  find(user: string, domain: string): PhoneAccount | undefined {
    return this.entries.get(keyOf(user, domain))?.account
  }

  stateOf(user: string, domain: string): PhoneState {
    const entry = this.entries.get(keyOf(user, domain))
    if (!entry || this.live(entry).length === 0) return 'offline'
    return entry.calls > 0 ? 'busy' : 'idle'
  }

  /** Whether a registered telephone is there; without `port` any at that address. */
  isAt(host: string, port?: number): boolean {
    for (const entry of this.places.at(host)) {
      const isThere = (binding: Binding) => binding.host === host && (port === undefined || binding.port === port)
      if (this.live(entry).some(isThere)) return true
    }
    return false
  }

  /** Whether this telephone is registered from there. */
  isRegisteredFrom({ user, domain }: PhoneAccount, host: string, port: number): boolean {
    const entry = this.entries.get(keyOf(user, domain))
    return entry !== undefined && this.live(entry).some((binding) => binding.host === host && binding.port === port)
  }

  /** What is known of a telephone after a change, or as it is. Undefined: the change is older than what is known. */
  register({ user, domain }: PhoneAccount, change: BindingChange | undefined): readonly Binding[] | undefined {
    const entry = this.entries.get(keyOf(user, domain))
    if (!entry) return []
    const next = change ? withChange(entry.bindings, change, this.clock.nowMs()) : this.live(entry)
    if (next) this.bind(entry, next)
    return next
  }

  /** Undefined: the trunk is no telephone's. */
  route(trunk: string, user: string): PhoneRoute | undefined {
    const own = [...this.entries.values()].filter(({ account }) => account.trunk === trunk)
    if (own.length === 0) return undefined
    const entry = own.find(({ account }) => account.user === user)
    if (!entry) return { kind: 'refused', status: 404, reason: 'no such extension' }
    const bindings = this.live(entry)
    if (bindings.length === 0) return { kind: 'refused', status: 480, reason: 'the extension is not registered' }
    if (entry.calls > 0) return { kind: 'refused', status: 486, reason: 'the extension is in a call' }
    const config = phoneTrunk(entry.account)
    return {
      kind: 'found',
      trunk: config,
      targets: bindings.map(({ host, port, contact }) => ({
        gateway: { host, port },
        hop: { transport: 'udp', host, port, profile: profileOf(config) },
        requestUri: contact,
      })),
      place: this.take(entry.account),
    }
  }

  /** The telephone is in one call more until the place is disposed. */
  take({ user, domain }: PhoneAccount): Disposable {
    const entry = this.entries.get(keyOf(user, domain))
    if (entry) entry.calls += 1
    let isTaken = true
    return {
      [Symbol.dispose]: () => {
        // The account may have been replaced meanwhile.
        const current = this.entries.get(keyOf(user, domain))
        if (isTaken && current) current.calls = Math.max(0, current.calls - 1)
        isTaken = false
      },
    }
  }

  private bind(entry: Entry, bindings: readonly Binding[]): void {
    this.places.move(entry, hostsOf(entry.bindings), hostsOf(bindings))
    entry.bindings = bindings
  }

  private live({ bindings }: Entry): readonly Binding[] {
    return bindings.filter(({ untilMs }) => untilMs > this.clock.nowMs())
  }
}

/** As a trunk that dials one telephone: no carrier, nothing to prove, and nowhere else to go. */
export const phoneTrunk = ({ trunk, domain }: Pick<PhoneAccount, 'trunk' | 'domain'>): TrunkConfig => ({
  name: trunk,
  gateways: [],
  auth: { kind: 'none' },
  numbers: [],
  fromDomain: domain,
  onlyToSource: true,
})

const hostsOf = (bindings: readonly Binding[]) => bindings.map(({ host }) => host)
const keyOf = (user: string, domain: string): string => `${user}@${domain.toLowerCase()}`
