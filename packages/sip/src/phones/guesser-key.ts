import { createHash } from 'node:crypto'

/**
 * By what guesses are counted and telephones remembered: an address and the name it gives. Of one length whatever the name, so
 * that strangers cannot fill the memory with long ones.
 */
export function guesserKey(source: string, user: string, domain: string): string {
  return createHash('sha256').update(`${source}|${user}@${domain.toLowerCase()}`).digest('base64url')
}
