import { silentLogger } from '@parley/core'
import { UserAgent } from '../../src/embedded/agent/user-agent.ts'
import { rfcTimers } from '../../src/embedded/transaction/timer-values.ts'
import { SocketTransport } from '../../src/embedded/transport/socket-transport.ts'
import { realRandom } from '../support/real-clock.ts'
import { describeSipStack } from './describe-sip-stack.ts'

describeSipStack('the embedded stack', async (owner, clock) => {
  const bind = { host: '127.0.0.1', port: 0, transports: ['udp', 'tcp'] as const }
  const stack = await UserAgent.open({
    owner,
    clock,
    random: realRandom,
    logger: silentLogger,
    timers: rfcTimers,
    userAgent: 'parley-test',
    advertisedHost: '127.0.0.1',
    openTransport: (deliver) =>
      SocketTransport.open(
        bind,
        deliver,
        { knowsSource: (...source) => owner.knowsSource(...source), acceptsCertificate: () => false },
        clock,
      ),
  })
  return { stack, sipPort: stack.portOf('udp') ?? 0, close: async () => {} }
})
