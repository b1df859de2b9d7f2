import { formatUri } from './embedded/message/sip-uri.ts'
import type { InviteNumbers } from './number-format.ts'
import type { TrunkConfig } from './trunk-config.ts'

/** Host parts of the two sides, as the trunk names them. */
interface Hosts {
  readonly us: string
  readonly them: string
}

/** From without a tag. Withheld, it names nobody. @see RFC 3323 section 4.1.1.3 */
export function fromOf(trunk: TrunkConfig, numbers: InviteNumbers, host: string): string {
  const { fromUser = 'number', displayName, privacy } = trunk.identity ?? {}
  if (privacy === 'id') return '"Anonymous" <sip:anonymous@anonymous.invalid>'
  const name = displayName === undefined ? '' : `${quoted(withNumbers(displayName, numbers))} `
  const { username = '', account = username } = trunk.auth
  if (fromUser === 'number') return `${name}<${numberUri(trunk, numbers.caller, host)}>`
  return `${name}<${formatUri({ user: fromUser === 'account' ? account : fromUser.fixed, host })}>`
}

/**
 * What tells the carrier who calls besides From. Everything is made here from the trunk's settings and the number of the
 * call; what another leg asserted never gets in.
 * @see RFC 3325 (asserted and preferred identity, Privacy: id), RFC 5806 (Diversion), RFC 7044 (History-Info)
 */
export function identityHeaders(
  trunk: TrunkConfig,
  numbers: InviteNumbers,
  hosts: Hosts,
): (readonly [name: string, value: string])[] {
  const { identity } = trunk
  if (!identity) return []
  const sip = (number: string) => `<${numberUri(trunk, number, hosts.us)}>`
  const tel = (number: string) => telUri(number, hosts.us) ?? sip(number)
  const { asserted } = numbers
  const headers: [string, string][] = []
  const add = (name: string, value: string) => headers.push([name, value])
  if (identity.asserted === 'sip' || identity.asserted === 'both') add('p-asserted-identity', sip(asserted))
  if (identity.asserted === 'tel' || identity.asserted === 'both') add('p-asserted-identity', tel(asserted))
  if (identity.preferred) add('p-preferred-identity', identity.preferred === 'tel' ? tel(asserted) : sip(asserted))
  const withheld = identity.privacy === 'id'
  if (identity.remoteParty) {
    add('remote-party-id', `${sip(asserted)};party=calling;screen=yes;privacy=${withheld ? 'full' : 'off'}`)
  }
  if (withheld) add('privacy', 'id')
  if (numbers.diversion !== undefined) {
    add('diversion', `${sip(numbers.diversion)};reason=unconditional;counter=1`)
  }
  if (numbers.history !== undefined) {
    add('history-info', `${sip(numbers.history)};index=1`)
    add('history-info', `<${numberUri(trunk, numbers.called, hosts.them)}>;index=1.1`)
  }
  return headers
}

const isDigits = (number: string) => /^\+?\d+$/.test(number)

function numberUri(trunk: TrunkConfig, number: string, host: string): string {
  return `${formatUri({ user: number, host })}${trunk.userPhone && isDigits(number) ? ';user=phone' : ''}`
}

/** A number that is not global says whose it is. @see RFC 3966 section 5.1.5 */
function telUri(number: string, context: string): string | undefined {
  if (!isDigits(number)) return undefined
  return number.startsWith('+') ? `<tel:${number}>` : `<tel:${number};phone-context=${context}>`
}

const withNumbers = (text: string, numbers: InviteNumbers) =>
  text.replaceAll('{{caller}}', numbers.caller).replaceAll('{{callee}}', numbers.called)

/** A quoted-string. @see RFC 3261 section 25.1 */
const quoted = (text: string) => `"${text.replace(/\p{Cc}/gu, ' ').replace(/["\\]/g, '\\$&')}"`
