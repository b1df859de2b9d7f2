import type { ExtensionServices } from '@parley/api'
import {
  type ApplicationId,
  type ExtensionAccount,
  type ExtensionBook,
  extensionDomain,
  extensionTrunk,
  type SkillGroup,
  type TransferTarget,
  type TrunkLines,
} from '@parley/core'
import type { SipSignalling } from '@parley/sip'
import type { LiveTrunks } from './live-trunks.ts'
import { isNumberFor } from './number-owners.ts'

type Phones = Pick<SipSignalling, 'replacePhones' | 'phoneState'>

/** The extensions of this moment: those of the database as of the last refresh, registered with this engine or not. */
export class LiveExtensions implements Pick<ExtensionServices, 'book' | 'stateOf'> {
  readonly book: ExtensionBook
  private readonly trunks: Pick<LiveTrunks, 'current'>
  private accounts: readonly ExtensionAccount[] = []
  private phones: Phones | undefined

  constructor(book: ExtensionBook, trunks: Pick<LiveTrunks, 'current'>) {
    this.book = book
    this.trunks = trunks
  }

  /** Where the telephones register. */
  attach(phones: Phones): void {
    this.phones = phones
  }

  /** @throws VoiceError STORE_FAILED */
  async refresh(): Promise<void> {
    this.accounts = await this.book.accounts()
    this.phones?.replacePhones(
      this.accounts.map(({ applicationId: owner, extensionId, password }) => ({
        user: extensionId,
        domain: extensionDomain(owner),
        password: password.reveal(),
        trunk: extensionTrunk(owner),
      })),
    )
  }

  stateOf(owner: ApplicationId, extensionId: string) {
    return this.phones?.phoneState(extensionId, extensionDomain(owner)) ?? 'offline'
  }

  /** The extensions in a group, each for calls of its own application alone; none where the carrier would have to call them. */
  targetsOf({
    id,
    applicationIds,
    mode,
  }: Pick<SkillGroup, 'id' | 'applicationIds' | 'mode'>): readonly TransferTarget[] {
    if (mode === 'refer') return []
    return this.accounts
      .filter(({ applicationId: owner }) => !applicationIds || applicationIds.includes(owner))
      .filter(({ skillGroupIds }) => skillGroupIds.includes(id))
      .map((account) => this.targetOf(account))
  }

  private targetOf({ applicationId, extensionId }: ExtensionAccount): TransferTarget {
    const numbers = this.trunks.current.flatMap((trunk) =>
      trunk.numbers.filter((number) => isNumberFor(trunk, number, applicationId)),
    )
    return {
      trunk: extensionTrunk(applicationId),
      callee: extensionId,
      caller: numbers[0]?.number ?? extensionId,
      uri: `sip:${extensionId}@${extensionDomain(applicationId)}`,
      applicationId,
    }
  }
}

const extensionTrunkForm = /^extensions\/(\d+)$/

/** Whose extensions a trunk name means; undefined: it is a trunk's. */
export function extensionOwner(trunk: string): number | undefined {
  const digits = extensionTrunkForm.exec(trunk)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Lines for humans: telephones of extensions are on no trunk, so no limit holds for them. */
export const linesFor = (lines: TrunkLines): TrunkLines => ({
  take: async (line, signal) => {
    if (extensionOwner(line.trunk) === undefined) return lines.take(line, signal)
    return !signal.aborted
  },
})

/** What the API needs of extensions. `refresh`: of all that depends on them. */
export const extensionServices = (
  extensions: LiveExtensions,
  refresh: () => Promise<void>,
  { advertisedHost, localPorts }: Pick<SipSignalling, 'advertisedHost' | 'localPorts'>,
): ExtensionServices => ({
  book: extensions.book,
  refresh,
  stateOf: (owner, extensionId) => extensions.stateOf(owner, extensionId),
  outboundProxy: `${advertisedHost.includes(':') ? `[${advertisedHost}]` : advertisedHost}:${localPorts.udp ?? 5060}`,
})
