import { type Random, type TrunkMedia, VoiceError } from '@parley/core'
import type { SdpMedia } from 'sdp-transform'
import { inlineBytes, type SrtpKeys, type SrtpSuite, srtpSuites } from '../srtp/srtp-keys.ts'
import { type CryptoLine, writeInlineKey } from './crypto-attribute.ts'
import type { PeerAudio } from './read-sdp.ts'

export type SrtpMode = NonNullable<TrunkMedia['srtp']>

/** How one audio section is described: its profile and key lines. */
export type SecuredSection = Pick<SdpMedia, 'protocol' | 'crypto'>

/** An answer to an encrypted section. */
export interface AgreedSecurity {
  readonly keys: SrtpKeys
  readonly section: SecuredSection
}

/**
 * What one leg's descriptions say about encryption, and the keys of what it sends.
 *
 * `required` offers and takes encrypted sections only. `optional` takes both, an encrypted one first, and offers a plain
 * one. `off` takes plain ones only. A leg that is encrypted offers encryption from then on.
 * Each suite has a key of its own, which stays for the leg while that suite does.
 * @see RFC 4568 section 7
 */
export class MediaSecurity {
  private readonly mode: SrtpMode
  private readonly random: Random
  private readonly keys = new Map<SrtpSuite, Uint8Array>()
  private agreed: SrtpSuite | undefined
  private offered: readonly SrtpSuite[] = []

  constructor(mode: SrtpMode, random: Random) {
    this.mode = mode
    this.random = random
  }

  /** The audio section of an offer of ours. */
  offer(): SecuredSection {
    const isSecure = this.mode === 'required' || this.agreed !== undefined
    this.offered = !isSecure ? [] : this.agreed === undefined ? srtpSuites : [this.agreed]
    if (!isSecure) return { protocol: 'RTP/AVP' }
    return { protocol: 'RTP/SAVP', crypto: this.offered.map((suite, i) => this.line(i + 1, suite)) }
  }

  /** The sections of the peer's offer that may be spoken, best first. @throws VoiceError MEDIA_SRTP_REQUIRED */
  admitOffered(sections: readonly PeerAudio[]): readonly PeerAudio[] {
    const secure = this.mode === 'off' ? [] : sections.filter((audio) => usableLine(audio, srtpSuites) !== undefined)
    const plain = this.mode === 'required' ? [] : sections.filter((audio) => !audio.isSecure)
    return someOf([...secure, ...plain], sections, this.mode !== 'off')
  }

  /** The sections of the peer's answer that fit what we offered last. @throws VoiceError MEDIA_SRTP_REQUIRED */
  admitAnswered(sections: readonly PeerAudio[]): readonly PeerAudio[] {
    const wanted = this.offered.length > 0
    const fitting = sections.filter((audio) => (wanted ? usableLine(audio, this.offered) : !audio.isSecure))
    return someOf(fitting, sections, wanted)
  }

  /** Keys for a section of the peer's offer, and how the answer describes it. Undefined: it is plain. */
  answer(audio: PeerAudio): AgreedSecurity | undefined {
    const line = usableLine(audio, srtpSuites)
    if (!line) return this.agreePlain()
    const keys = this.agree(line)
    return { keys, section: { protocol: audio.protocol, crypto: [this.line(line.tag, line.suite)] } }
  }

  /** Keys for a section of the peer's answer. Undefined: it is plain. */
  accept(audio: PeerAudio): SrtpKeys | undefined {
    const line = usableLine(audio, this.offered)
    return line ? this.agree(line) : this.agreePlain()
  }

  private agree(line: CryptoLine): SrtpKeys {
    this.agreed = line.suite
    const ours = this.keyOf(line.suite)
    // A key that was offered in vain is not offered again.
    for (const suite of srtpSuites) if (suite !== line.suite) this.keys.delete(suite)
    return { suite: line.suite, ours, theirs: line.key, theirMkiBytes: line.mkiBytes }
  }

  private agreePlain(): undefined {
    this.agreed = undefined
    this.keys.clear()
  }

  private line(tag: number, suite: SrtpSuite): { id: number; suite: string; config: string } {
    return { id: tag, suite, config: writeInlineKey(this.keyOf(suite)) }
  }

  private keyOf(suite: SrtpSuite): Uint8Array {
    const known = this.keys.get(suite)
    if (known) return known
    const fresh = this.random.bytes(inlineBytes)
    this.keys.set(suite, fresh)
    return fresh
  }
}

/** The peer's first line for an encrypted section with one of these suites. */
function usableLine(audio: PeerAudio, suites: readonly SrtpSuite[]): CryptoLine | undefined {
  return audio.isSecure ? audio.crypto.find((line) => suites.includes(line.suite)) : undefined
}

/** The admitted sections, if there is one or nothing to admit. */
function someOf(
  admitted: readonly PeerAudio[],
  sections: readonly PeerAudio[],
  maySecure: boolean,
): readonly PeerAudio[] {
  if (admitted.length > 0 || sections.length === 0) return admitted
  const isPeerSecure = sections.some((audio) => audio.isSecure)
  const detail = !isPeerSecure
    ? 'the peer speaks plain RTP, SRTP is required here'
    : maySecure
      ? 'the peer has no crypto line that can be used here'
      : 'the peer speaks SRTP only, which is not used here'
  throw new VoiceError('MEDIA_SRTP_REQUIRED', { detail })
}
