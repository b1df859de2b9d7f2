/** Valid packets in a row, of one SSRC, that make a new address the peer's. */
const confirmations = 3
/** The latched address must have been silent for this long before a third address may take over. */
const relatchSilenceMs = 1000

/**
 * Decides which source address is the peer (symmetric RTP, "comedia").
 *
 * The address from SDP is believed at once and may always take back the stream; any other address needs three valid
 * packets in a row with rising sequence numbers and one SSRC, and is not looked at while the present one flows.
 * `host`/`port` is where to send.
 */
export class PeerLatch {
  host = ''
  port = 0
  ignored = 0
  private signalledHost = ''
  private signalledPort = 0
  private latched = false
  private lastAtMs = Number.NEGATIVE_INFINITY
  private candidateHost = ''
  private candidatePort = 0
  private candidateSsrc = 0
  private candidateSequence = 0
  private candidateRun = 0

  /** A new offer or answer. The same address again changes nothing. */
  signal(host: string, port: number): void {
    if (host === this.signalledHost && port === this.signalledPort) return
    this.signalledHost = host
    this.signalledPort = port
    this.host = host
    this.port = port
    this.latched = false
    this.lastAtMs = Number.NEGATIVE_INFINITY
    this.candidateRun = 0
  }

  /** True when the packet, already found valid, comes from the peer. */
  accept(host: string, port: number, ssrc: number, sequence: number, nowMs: number): boolean {
    if (port === this.port && host === this.host) {
      this.lastAtMs = nowMs
      return true
    }
    const isSignalled = port === this.signalledPort && host === this.signalledHost
    const flows = nowMs - this.lastAtMs < relatchSilenceMs
    if (flows && !isSignalled) {
      this.ignored += 1
      return false
    }
    if (!this.confirm(host, port, ssrc, sequence)) {
      this.ignored += 1
      return false
    }
    this.host = host
    this.port = port
    this.latched = !isSignalled
    this.lastAtMs = nowMs
    this.candidateRun = 0
    return true
  }

  /** True when we send elsewhere than SDP said. */
  get isLatched(): boolean {
    return this.latched
  }

  private confirm(host: string, port: number, ssrc: number, sequence: number): boolean {
    const same = port === this.candidatePort && host === this.candidateHost && ssrc === this.candidateSsrc
    const follows = ((sequence - this.candidateSequence) & 0xffff) === 1
    this.candidateRun = same && follows ? this.candidateRun + 1 : 1
    this.candidateHost = host
    this.candidatePort = port
    this.candidateSsrc = ssrc
    this.candidateSequence = sequence
    return this.candidateRun >= confirmations
  }
}
