import type { NameFacts } from '@parley/sip'
import { type Finding, sayOn } from './finding.ts'

const say = sayOn('names')

/**
 * What DNS says of a gateway. `exists`: whether the name is known to DNS at all; undefined: nobody could tell.
 * Nothing is found about an address literal.
 */
export function judgeNames(host: string, facts: NameFacts, exists: boolean | undefined): readonly Finding[] {
  const { questions, targets } = facts
  if (questions.length === 0 && targets.length > 0) return []
  if (targets.length > 0) {
    const places = targets.map(({ hop }) => `${hop.host}:${hop.port} ${hop.transport}`)
    return [say('ok', 'found', `${host} is ${places.join(', ')}${recordsOf(facts)}.`)]
  }
  const failed = questions.find(({ failure }) => failure !== undefined)
  const pointed = questions.find(({ kind, records }) => kind === 'SRV' && records.length > 0)
  if (pointed) {
    const text = `${pointed.name} points to ${pointed.records.join(', ')}, and no address is known for that.`
    const advice =
      'The records of the carrier are broken, or the name servers here do not see all of them: tell the carrier.'
    return [say('wrong', 'no-address', text, advice)]
  }
  if (exists === false) {
    const text = `The name ${host} does not exist.`
    const advice =
      'Compare gateways[].host with the sheet of the carrier. Some names are known only inside its network or VPN.'
    return [say('wrong', 'no-such-name', text, advice)]
  }
  if (failed) {
    const text = `No name server could tell what ${host} is (${failed.failure}).`
    const advice = 'Check the name servers of this machine (/etc/resolv.conf) and whether it may reach them.'
    return [say('wrong', 'name-service-down', text, advice)]
  }
  const asked = questions.map(({ kind, name }) => `${kind} ${name}`).join(', ')
  const text = `The name ${host} has no address. Asked for: ${asked || 'nothing'}.`
  const advice = 'Compare gateways[].host with the sheet of the carrier; it may be known by another name.'
  return [say('wrong', 'no-address', text, advice)]
}

/** Which service records led there. */
function recordsOf({ questions }: NameFacts): string {
  const used = questions.filter(({ kind, records }) => kind !== 'A' && records.length > 0)
  const texts = used.map(({ kind, name, records }) => `${kind} ${name}: ${records.join(', ')}`)
  return texts.length > 0 ? ` (${texts.join('; ')})` : ''
}
