import type { Clock, Logger, Random } from '@parley/core'
import { composeInvite, type InviteParties } from '../compose-invite.ts'
import { UserAgent } from '../embedded/agent/user-agent.ts'
import { TimerSet } from '../embedded/transaction/timer-set.ts'
import { rfcTimers } from '../embedded/transaction/timer-values.ts'
import { SocketTransport } from '../embedded/transport/socket-transport.ts'
import { TappedTransport } from '../ladder/tapped-transport.ts'
import type { GatewayTarget } from '../resolve/gateway-directory.ts'
import type { TrunkConfig } from '../trunk-config.ts'
import { credentialsOf } from '../trunk-credentials.ts'
import { type HeardResponse, heardResponseOf, type SentRequest, sentRequestOf } from './heard-message.ts'

/** What was said and heard in one test of a gateway. */
export interface Exchange {
  readonly sent: readonly SentRequest[]
  readonly heard: readonly HeardResponse[]
  /** Why a message could not leave. */
  readonly failure?: string
}

export interface TrunkProbeOptions {
  /** `port` 0: any free one. */
  readonly bind: { readonly host: string; readonly port: number }
  /** In Via and Contact where the trunk does not say otherwise. */
  readonly advertisedHost: string
  readonly userAgent: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** How long a REGISTER, or any answer to an INVITE, is waited for. Taste. */
const registerMs = 8_000
const silenceMs = 8_000
/** How long a call that was taken may look for its phone. Taste. */
const inviteMs = 20_000
/** How long the answer to a CANCEL is waited for. */
const goodbyeMs = 3_000

/**
 * Talks to one address of a gateway with the stack and the settings that calls use, and notes what comes back. Each test
 * has a user agent and sockets of its own, which are closed when its promise resolves.
 */
export class TrunkProbe {
  private readonly options: TrunkProbeOptions
  private readonly trunk: TrunkConfig
  private readonly target: GatewayTarget

  constructor(options: TrunkProbeOptions, trunk: TrunkConfig, target: GatewayTarget) {
    this.options = options
    this.trunk = trunk
    this.target = target
  }

  /** OPTIONS; a challenge is answered with the credentials of the trunk. Rings nobody. @throws the bind error */
  ask(): Promise<Exchange> {
    return this.talk((agent, done) => {
      const { gateway, hop } = this.target
      const fromDomain = this.trunk.fromDomain ?? gateway.host
      const credentials = credentialsOf(this.trunk)
      agent.probe({ hop, host: gateway.host, fromDomain, ...(credentials && { credentials }) }, () => done())
    })
  }

  /** REGISTER as the trunk says, and its removal. @throws the bind error */
  register(): Promise<Exchange> {
    const credentials = credentialsOf(this.trunk)
    if (!credentials) return Promise.resolve({ sent: [], heard: [] })
    const { gateway, hop } = this.target
    const { account = credentials.username, expiresS = 300 } = this.trunk.auth
    return this.talk((agent, done, timers) => {
      timers.set('deadline', registerMs, done)
      agent.register({
        gateways: [gateway],
        hops: () => [hop],
        onAttempt: () => done(),
        domain: this.trunk.fromDomain ?? gateway.host,
        account,
        credentials,
        expiresS,
      })
    })
  }

  /**
   * An INVITE as a call sends it, ended at the first sign that a phone rings, or at the answer. `undefined`: a number
   * cannot be dialled. @throws the bind error
   */
  async call(parties: InviteParties, sdp: string): Promise<Exchange | undefined> {
    const { gateway, hop } = this.target
    const invite = composeInvite(this.trunk, gateway, hop, parties, sdp)
    if (!invite) return undefined
    return this.talk((agent, done, timers) => {
      const end = () => {
        call.hangup()
        timers.set('end', goodbyeMs, done)
      }
      let isEnding = false
      timers.set('deadline', silenceMs, end)
      const call = agent.invite(invite, ({ type }) => {
        if (type === 'trying' && !isEnding) timers.set('deadline', inviteMs, end)
        if (type === 'ringing' || type === 'answered') {
          isEnding = true
          // Not in the listener of an event that may come before `invite` returns.
          timers.set('deadline', 0, end)
        }
        if (type === 'rejected' || type === 'failed' || type === 'bye') done()
      })
    })
  }

  private async talk(
    start: (agent: UserAgent, done: () => void, timers: TimerSet<'deadline' | 'end'>) => void,
  ): Promise<Exchange> {
    const { bind, clock, random, logger, advertisedHost, userAgent } = this.options
    const sent: SentRequest[] = []
    const heard: HeardResponse[] = []
    const failures: string[] = []
    const timers = new TimerSet<'deadline' | 'end'>(clock)
    const isGateway = (address: string) => address === this.target.hop.host
    const agent = await UserAgent.open({
      owner: { knowsSource: isGateway, isDraining: () => false, onInvite: (call) => call.reject(480, '') },
      clock,
      random,
      logger,
      timers: rfcTimers,
      advertisedHost,
      userAgent,
      openTransport: async (deliver) => {
        const gate = { knowsSource: isGateway, acceptsCertificate: () => false }
        const sockets = await SocketTransport.open(
          { ...bind, transports: ['udp', 'tcp'] },
          (bytes, source) => {
            const response = heardResponseOf(bytes)
            if (response) heard.push(response)
            deliver(bytes, source)
          },
          gate,
          clock,
        )
        return new TappedTransport(
          sockets,
          (bytes) => {
            const request = sentRequestOf(bytes)
            if (request) sent.push(request)
          },
          (error) => failures.push(error.message),
        )
      },
    })
    await new Promise<void>((resolve) => start(agent, resolve, timers))
    timers.clear()
    await agent[Symbol.asyncDispose]()
    const [failure] = failures
    return { sent, heard, ...(failure === undefined ? {} : { failure }) }
  }
}
