import type { CallReport } from './call-report.ts'
import type { CallRole } from './call-state.ts'
import type { DigestAccount, DigestCredentials } from './digest.ts'
import type { PortRange } from './media-socket.ts'
import type { ScriptInput } from './script.ts'
import type { SipHeader } from './sip-message.ts'

/** YAML text, or the object it stands for. */
export type ScriptSource = string | ScriptInput

/** What an INVITE said, unmasked. `from` and `to` are user parts. */
export interface InviteFacts {
  readonly from: string
  readonly to: string
  readonly headers: readonly SipHeader[]
}

export interface PhoneOptions {
  /** Address to listen on and to name in SIP and SDP. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** What to do with incoming calls; a function chooses for each. */
  readonly script: ScriptSource | ((invite: InviteFacts) => ScriptSource)
  /** Recordings go here; absent: none. */
  readonly outDir?: string
  /** Makes noise, tags and SSRCs repeatable. */
  readonly seed?: number
  /** Challenges incoming INVITEs. */
  readonly digest?: DigestAccount
  /** Absent: any free ports. */
  readonly rtpPorts?: PortRange
  /**
   * A relay between the phone and its peers: for each RTP port of the phone the address that SDP names instead and that
   * audio is sent to and expected from. Absent or undefined: audio goes straight to the peer.
   */
  readonly rtpVia?: (port: number) => { readonly host: string; readonly port: number } | undefined
}

export interface PlaceCallOptions {
  /** `host:port` of the SIP peer. */
  readonly to: string
  /** User part of the request URI. */
  readonly user: string
  /** User part of From; default `phone`. */
  readonly from?: string
  readonly script: ScriptSource
  readonly digest?: DigestCredentials
}

/** One call, either way. */
export interface PhoneCall {
  readonly sipCallId: string
  readonly role: CallRole
  /** The INVITE of the call. Absent for placed calls. */
  readonly invite?: InviteFacts
  /** Never rejects for what the peer did; only when the recording cannot be written. */
  readonly ended: Promise<CallReport>
  /** BYE, CANCEL or 480, as the call stands. */
  hangup(): void
}

/** A simulated telephone on one SIP port. */
export interface Phone extends AsyncDisposable {
  readonly port: number
  /** Incoming calls. Single reader. */
  readonly calls: AsyncIterable<PhoneCall>
  /** @throws Error when no call comes within `deadlineMs` */
  nextCall(deadlineMs: number): Promise<PhoneCall>
  /** @throws Error when the script is wrong, a clip is missing or no port is free */
  placeCall(options: PlaceCallOptions): Promise<PhoneCall>
  /** Drops what is going on without a BYE and frees the ports. */
  close(): Promise<void>
}
