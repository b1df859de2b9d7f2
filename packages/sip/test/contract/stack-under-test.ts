import type { Clock } from '@parley/core'
import { afterEach, beforeEach } from 'vitest'
import type {
  InboundAccount,
  IncomingSipCall,
  OutgoingInvite,
  SipCall,
  SipCallEvent,
  SipStack,
  SipStackOwner,
} from '../../src/sip-stack.ts'
import { realClock } from '../support/real-clock.ts'
import { sdpOf } from '../support/signalling-pair.ts'
import { UdpPeer } from './udp-peer.ts'

/** A stack that is ready for calls, with whatever it needs beside it. */
export interface OpenedStack {
  readonly stack: SipStack
  /** UDP port on 127.0.0.1 where the stack takes SIP. */
  readonly sipPort: number
  /** Ends what stands beside the stack; the stack itself is disposed before. */
  close(): Promise<void>
}

export type OpenStack = (owner: SipStackOwner, clock: Clock) => Promise<OpenedStack>

/** What a stack is known not to do, so that its scenarios are skipped and seen as such. */
export type ContractGap = 'retry-after'

/** Events of one call, awaited one after the other. */
export class EventLog {
  readonly seen: SipCallEvent[] = []
  private readonly wakers = new Set<() => void>()

  readonly push = (event: SipCallEvent): void => {
    this.seen.push(event)
    for (const wake of [...this.wakers]) wake()
  }

  get types(): string[] {
    return this.seen.map((event) => event.type)
  }

  /** The `nth` event of that type, counted from 1; waits at most 5 s. */
  until<T extends SipCallEvent['type']>(type: T, nth = 1): Promise<Extract<SipCallEvent, { type: T }>> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const all = this.seen.filter((event): event is Extract<SipCallEvent, { type: T }> => event.type === type)
        const found = all[nth - 1]
        if (!found) return
        clearTimeout(timer)
        this.wakers.delete(look)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.wakers.delete(look)
        reject(new Error(`no ${type}; seen: ${JSON.stringify(this.seen)}`))
      }, 5_000)
      this.wakers.add(look)
      look()
    })
  }
}

/** Everything a scenario needs, made anew for each test. */
export class Scene {
  peer!: UdpPeer
  opened!: OpenedStack
  draining = false
  known = true
  accounts: readonly InboundAccount[] = []
  readonly incoming: IncomingSipCall[] = []
  private readonly wakers = new Set<() => void>()
  private stackClosed: Promise<void> | undefined

  get stack(): SipStack {
    return this.opened.stack
  }

  async start(open: OpenStack, clock: Clock): Promise<void> {
    this.peer = await UdpPeer.open()
    const owner: SipStackOwner = {
      knowsSource: () => this.known,
      isDraining: () => this.draining,
      inboundAccounts: () => this.accounts,
      onInvite: (call) => {
        this.incoming.push(call)
        for (const wake of [...this.wakers]) wake()
      },
    }
    this.opened = await open(owner, clock)
    this.peer.target = this.opened.sipPort
  }

  /** Disposes the stack once, however often it is asked. */
  closeStack(): Promise<void> {
    this.stackClosed ??= Promise.resolve(this.stack[Symbol.asyncDispose]())
    return this.stackClosed
  }

  async stop(): Promise<void> {
    this.peer.agreeable = true
    await this.closeStack()
    await this.opened.close()
    await this.peer[Symbol.asyncDispose]()
  }

  dial(more: Partial<OutgoingInvite> = {}): { readonly call: SipCall; readonly log: EventLog } {
    const log = new EventLog()
    const call = this.stack.invite(
      {
        hop: { transport: 'udp', host: '127.0.0.1', port: this.peer.port },
        requestUri: `sip:+8613012345678@127.0.0.1:${this.peer.port}`,
        from: '<sip:+8675500000000@carrier.test>',
        to: `<sip:+8613012345678@127.0.0.1>`,
        contactUser: '+8675500000000',
        headers: [],
        sdp: sdpOf(40_000),
        ...more,
      },
      log.push,
    )
    return { call, log }
  }

  /** The next call that comes in, listened to. */
  async called(): Promise<{ readonly call: IncomingSipCall; readonly log: EventLog }> {
    const call = await new Promise<IncomingSipCall>((resolve, reject) => {
      const look = () => {
        const next = this.incoming.shift()
        if (!next) return
        clearTimeout(timer)
        this.wakers.delete(look)
        resolve(next)
      }
      const timer = setTimeout(() => reject(new Error('no call came in')), 5_000)
      this.wakers.add(look)
      look()
    })
    const log = new EventLog()
    call.listen(log.push)
    return { call, log }
  }
}

/** A fresh scene for each test of the current `describe`. */
export function sceneFor(open: OpenStack, clock: Clock = realClock): { readonly current: Scene } {
  const holder = { current: new Scene() }
  beforeEach(async () => {
    holder.current = new Scene()
    await holder.current.start(open, clock)
  })
  afterEach(() => holder.current.stop())
  return holder
}
