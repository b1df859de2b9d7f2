import { describe } from 'vitest'
import { describeDialog } from './dialog-scenarios.ts'
import { describeIncoming } from './incoming-scenarios.ts'
import { describeLife } from './life-scenarios.ts'
import { describeOutgoing } from './outgoing-scenarios.ts'
import type { ContractGap, OpenStack } from './stack-under-test.ts'

/** The contract of `SipStack`, against a scripted peer over UDP on loopback. */
export function describeSipStack(name: string, open: OpenStack, gaps: readonly ContractGap[] = []): void {
  describe(name, () => {
    const missing = new Set(gaps)
    describeOutgoing(open)
    describeDialog(open, missing)
    describeIncoming(open, missing)
    describeLife(open)
  })
}
