import type { ApplicationId, ExtensionBook } from '@parley/core'

/** SIP accounts of telephones, and where they are. */
export interface ExtensionServices {
  readonly book: ExtensionBook
  /** Makes this process know what was changed. */
  refresh(): Promise<void>
  /** Of an extension as this process sees it. */
  stateOf(owner: ApplicationId, extensionId: string): 'offline' | 'idle' | 'busy'
  /** `host:port` where telephones register, over UDP. */
  readonly outboundProxy: string
}
