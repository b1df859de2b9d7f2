import type { ApplicationId, KeyDirectory } from '@parley/core'
import type { ApiApplication } from '../api-options.ts'
import { type Credential, createKeyRing, type KeyRing } from './key-ring.ts'

/** The keys of the configuration, and beside them those of the database as of the last refresh. Looking one up is a look into a map. */
export class LiveKeyRing implements KeyRing {
  private readonly declared: KeyRing
  private readonly declaredApplications: ReadonlySet<ApplicationId>
  private readonly directory: KeyDirectory
  private stored: ReadonlyMap<string, Credential> = new Map()
  private all: ReadonlySet<ApplicationId>
  private readonly used = new Set<string>()
  private refreshing: Promise<void> = Promise.resolve()

  /** @throws VoiceError CONFIG_INVALID when one SecretId stands for two different keys */
  constructor(declared: readonly ApiApplication[], directory: KeyDirectory) {
    this.declared = createKeyRing(declared)
    this.declaredApplications = new Set(declared.map(({ applicationId }) => applicationId))
    this.all = this.declaredApplications
    this.directory = directory
  }

  /** Every application of the installation. */
  get applications(): ReadonlySet<ApplicationId> {
    return this.all
  }

  find(secretId: string): Credential | undefined {
    return this.declared.find(secretId) ?? this.stored.get(secretId)
  }

  /** A request was found to be of this key. */
  noteUse({ secretId }: Credential): void {
    this.used.add(secretId)
  }

  /**
   * Takes the keys of the database as they are now, or later: what was committed before the call holds once it resolves.
   * @throws VoiceError STORE_FAILED; the keys stay as they were
   */
  refresh(): Promise<void> {
    // One after the other, or an older look could undo a newer one.
    const next = this.refreshing.catch(() => {}).then(() => this.look())
    this.refreshing = next
    return next
  }

  private async look(): Promise<void> {
    const { applications, keys } = await this.directory.current()
    this.stored = new Map(
      keys.map(({ applicationId, ...key }) => [key.secretId, { ...key, applications: new Set([applicationId]) }]),
    )
    this.all = new Set([...this.declaredApplications, ...applications])
    const used = [...this.used]
    if (used.length === 0) return
    await this.directory.noteUse(used)
    for (const secretId of used) this.used.delete(secretId)
  }
}
