import { createCipheriv, createDecipheriv } from 'node:crypto'
import { type Random, VoiceError } from '@parley/core'

/*
 *  0         1                13              29
 *  +---------+----------------+---------------+------------------ ...
 *  | version | IV (12 bytes)  | tag (16)      | AES-256-GCM ciphertext
 *  +---------+----------------+---------------+------------------ ...
 */
const version = 1
const ivBytes = 12
const tagBytes = 16
const keyBytes = 32
const headBytes = 1 + ivBytes + tagBytes

/**
 * Encrypts what must not lie in the database in clear. `context` (tenant and call) is authenticated but not stored: a
 * box copied to another call does not open.
 */
export class SecretBox {
  private readonly masterKey: Uint8Array
  private readonly random: Random

  /** @throws VoiceError CONFIG_INVALID unless the key has 32 bytes */
  constructor(masterKey: Uint8Array, random: Random) {
    if (masterKey.length !== keyBytes) {
      throw new VoiceError('CONFIG_INVALID', { detail: `the master key must have ${keyBytes} bytes` })
    }
    this.masterKey = masterKey
    this.random = random
  }

  seal(plain: string, context: string): Buffer {
    const iv = this.random.bytes(ivBytes)
    const cipher = createCipheriv('aes-256-gcm', this.masterKey, iv).setAAD(Buffer.from(context))
    const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return Buffer.concat([Uint8Array.of(version), iv, cipher.getAuthTag(), body])
  }

  /** @throws VoiceError CONFIG_INVALID when the box was sealed with another key, for another context, or is damaged */
  open(box: Uint8Array, context: string): string {
    try {
      if (box[0] !== version || box.length < headBytes) throw new Error('unknown form')
      const decipher = createDecipheriv('aes-256-gcm', this.masterKey, box.subarray(1, 1 + ivBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAAD(Buffer.from(context)).setAuthTag(box.subarray(1 + ivBytes, headBytes))
      return Buffer.concat([decipher.update(box.subarray(headBytes)), decipher.final()]).toString('utf8')
    } catch (cause) {
      throw new VoiceError('CONFIG_INVALID', { detail: 'stored secrets do not open with this master key', cause })
    }
  }
}
