import { silentLogger } from '@parley/core'
import { describe } from 'vitest'
import { DrachtioStack } from '../../src/drachtio/drachtio-stack.ts'
import { drachtioBinary, serverSecret, startRealServer } from '../drachtio-server/real-server.ts'
import { untilServed } from '../drachtio-server/until-served.ts'
import { realRandom } from '../support/real-clock.ts'
import { describeSipStack } from './describe-sip-stack.ts'

describe.skipIf(!drachtioBinary)('with a real server', () => {
  describeSipStack('the drachtio stack', async (owner, clock) => {
    const server = await startRealServer(drachtioBinary ?? '')
    const stack = await DrachtioStack.open({
      owner,
      clock,
      random: realRandom,
      logger: silentLogger,
      userAgent: 'parley-test',
      realm: '127.0.0.1',
      servers: [{ host: '127.0.0.1', port: server.adminPort, secret: serverSecret }],
    })
    await untilServed(server.sipPort)
    return { stack, sipPort: server.sipPort, close: () => server.stop() }
  })
})
