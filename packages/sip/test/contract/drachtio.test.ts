import { silentLogger } from '@parley/core'
import { DrachtioStack } from '../../src/drachtio/drachtio-stack.ts'
import { untilServed } from '../drachtio-server/until-served.ts'
import { WireServer, wireSecret } from '../drachtio-server/wire-server.ts'
import { realRandom } from '../support/real-clock.ts'
import { describeSipStack } from './describe-sip-stack.ts'

describeSipStack('the drachtio stack', async (owner, clock) => {
  const server = await WireServer.open()
  const stack = await DrachtioStack.open({
    owner,
    clock,
    random: realRandom,
    logger: silentLogger,
    userAgent: 'parley-test',
    realm: '127.0.0.1',
    servers: [{ host: '127.0.0.1', port: server.adminPort, secret: wireSecret }],
  })
  await untilServed(server.sipPort)
  return { stack, sipPort: server.sipPort, close: () => server[Symbol.asyncDispose]() }
})
