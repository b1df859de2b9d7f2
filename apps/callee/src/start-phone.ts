import { nowNs } from './monotonic-clock.ts'
import type { InviteFacts, Phone, PhoneOptions } from './phone.ts'
import { parseScript } from './script.ts'
import { SeededRandom } from './seeded-random.ts'
import { SimulatedPhone } from './simulated-phone.ts'
import { SipTransport } from './sip-transport.ts'
import { prepareUtterances } from './step-runner.ts'

/** Opens a phone. @throws Error when the script is wrong, a clip is missing or the port is taken */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const { script: source } = options
  const seed = options.seed ?? nowNs() % 0x7fffffff
  const fixed = typeof source === 'function' ? undefined : parseScript(source)
  const utterances = fixed === undefined ? undefined : await prepareUtterances(fixed, new SeededRandom(seed))
  const scriptFor = (invite: InviteFacts) =>
    fixed ?? parseScript(typeof source === 'function' ? source(invite) : source)
  const transport = await SipTransport.open(options.host, options.port)
  return new SimulatedPhone({ ...options, seed, transport, scriptFor, utterances })
}
