import { type LegId, silentLogger } from '../../packages/core/src/index.ts'
import { systemClock, systemRandom } from '../../packages/runtime/src/index.ts'
import { createSignalling, type SipSignalling } from '../../packages/sip/src/index.ts'
import type { GatewayReport, UsageRequest } from './gateway-protocol.ts'
import { processUsage } from './process-usage.ts'
import { SkippingClock } from './skipping-clock.ts'

const answer =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n'

/** The gateway alone, whose owner answers every call at once: started and asked over IPC, with `--expose-gc`. */
async function main(): Promise<void> {
  const clock = new SkippingClock(systemClock)
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
      void follow(signalling, leg)
      return { kind: 'answer', sdp: answer }
    },
    clock,
    random: systemRandom,
    logger: silentLogger,
    userAgent: 'parley-bench',
  })
  const report = (message: GatewayReport) => process.send?.(message)
  process.on('message', async ({ skipMs }: UsageRequest) => {
    const cpu = process.cpuUsage()
    clock.skip(skipMs)
    const usage = await processUsage()
    const { live, dropped, malformed } = signalling.counters
    report({
      type: 'usage',
      ...usage,
      live: live + signalling.liveLegs,
      dropped,
      malformed,
      cpuMs: (cpu.user + cpu.system) / 1_000,
    })
  })
  process.on('disconnect', () => process.exit(0))
  report({ type: 'ready', port: signalling.localPort })
}

/** As the owner of a call does: reads what happens, and in the end takes the messages. */
async function follow(signalling: SipSignalling, leg: LegId): Promise<void> {
  for await (const _ of signalling.events(leg));
  signalling.takeMessages?.(leg, true)
}

await main()
