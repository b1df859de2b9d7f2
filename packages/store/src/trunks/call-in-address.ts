import type { SecretBox } from '../calls/secret-box.ts'

/** A number of a trunk, as one application has it. */
interface OwnNumber {
  readonly owner: number
  readonly trunk: string
  readonly number: string
}

/** Opens for this number of this application alone. */
export const sealAddress = (box: SecretBox, number: OwnNumber, url: string): Buffer => box.seal(url, contextOf(number))

/** @throws VoiceError CONFIG_INVALID when it does not open */
export const openAddress = (box: SecretBox, number: OwnNumber, sealed: Uint8Array): string =>
  box.open(sealed, contextOf(number))

const contextOf = ({ owner, trunk, number }: OwnNumber): string => `callIn:${owner}:${number}@${trunk}`
