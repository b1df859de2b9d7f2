import { describe } from 'vitest'
import { describeDialog } from './dialog-scenarios.ts'
import { describeIncoming } from './incoming-scenarios.ts'
import { describeLife } from './life-scenarios.ts'
import { describeOutgoing } from './outgoing-scenarios.ts'
import type { OpenStack } from './stack-under-test.ts'

/** The contract of `SipStack`, against a scripted peer over UDP on loopback. */
export function describeSipStack(name: string, open: OpenStack): void {
  describe(name, () => {
    describeOutgoing(open)
    describeDialog(open)
    describeIncoming(open)
    describeLife(open)
  })
}
