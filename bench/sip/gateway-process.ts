import { readdirSync } from 'node:fs'
import { silentLogger } from '../../packages/core/src/index.ts'
import { systemClock, systemRandom } from '../../packages/runtime/src/index.ts'
import { createSignalling } from '../../packages/sip/src/index.ts'
import type { GatewayReport } from './gateway-protocol.ts'

const answer =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n'

/** The gateway alone, whose owner answers every call at once: started and asked over IPC, with `--expose-gc`. */
async function main(): Promise<void> {
  const signalling = await createSignalling({
    trunks: [
      {
        name: 'load',
        gateways: [{ host: '127.0.0.1', port: 1, transport: 'udp' }],
        auth: { kind: 'none' },
        numbers: ['+8675500000001'],
      },
    ],
    bind: { host: '127.0.0.1', port: 0, transports: ['udp', 'tcp'] },
    onInvite: async ({ leg }) => {
      void readAll(signalling.events(leg))
      return { kind: 'answer', sdp: answer }
    },
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    userAgent: 'parley-bench',
  })
  const report = (message: GatewayReport) => process.send?.(message)
  process.on('message', () => {
    // Twice: what the first collection finalises the second frees.
    globalThis.gc?.()
    globalThis.gc?.()
    const resources = process.getActiveResourcesInfo()
    const { live, dropped, malformed } = signalling.counters
    report({
      type: 'usage',
      heapMb: process.memoryUsage().heapUsed / 1e6,
      openFiles: readdirSync('/proc/self/fd').length,
      timers: resources.filter((name) => name === 'Timeout').length,
      live: live + signalling.liveLegs,
      dropped,
      malformed,
      cpuMs: process.cpuUsage().user / 1_000 + process.cpuUsage().system / 1_000,
    })
  })
  process.on('disconnect', () => process.exit(0))
  report({ type: 'ready', port: signalling.localPort })
}

async function readAll(events: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of events);
}

await main()
