import { CallQueue } from './call-queue.ts'
import { buildReport } from './call-report.ts'
import { type CallRole, CallState } from './call-state.ts'
import { Dialog } from './dialog.ts'
import { hangUp } from './in-dialog.ts'
import { IncomingCall } from './incoming-call.ts'
import { MediaLeg } from './media-leg.ts'
import { OutgoingCall } from './outgoing-call.ts'
import { PacingLoop } from './pacing-loop.ts'
import type { InviteFacts, Phone, PhoneCall, PhoneOptions, PlaceCallOptions } from './phone.ts'
import { parseScript, type Script } from './script.ts'
import { SeededRandom } from './seeded-random.ts'
import { addressOf, header, headerParameter, type SipMessage, type SipRequest, uriOf, userOf } from './sip-message.ts'
import { SipTrace } from './sip-trace.ts'
import type { ReceivedRequest, SipAddress, SipTransport } from './sip-transport.ts'
import { prepareUtterances } from './step-runner.ts'
import type { Utterance } from './utterance.ts'

interface PhoneParts extends PhoneOptions {
  readonly seed: number
  readonly transport: SipTransport
  scriptFor(invite: InviteFacts): Script
  readonly utterances: ReadonlyMap<number, Utterance> | undefined
}

/** What is kept for a Call-ID from its first message to the end of the call. */
interface Slot {
  readonly script: Script
  readonly trace: SipTrace
  handler?: Promise<{ handle(received: ReceivedRequest): void }>
}

/** A phone on an open transport. Every call of it shares the transport and the pacing loop. */
export class SimulatedPhone implements Phone {
  readonly #parts: PhoneParts
  readonly #transport: SipTransport
  readonly #loop = new PacingLoop()
  readonly #queue = new CallQueue()
  readonly #slots = new Map<string, Slot>()
  readonly #live = new Set<CallState>()
  /** Reports are made one after the other, so that calls that end together do not delay the packets of the rest. */
  #lastReport: Promise<unknown> = Promise.resolve()
  #calls = 0
  #isClosed = false

  constructor(parts: PhoneParts) {
    this.#parts = parts
    this.#transport = parts.transport
    this.#transport.traceOf = (message) => this.#slotOf(message)?.trace
    this.#transport.onRequest = (received) => this.#route(received)
  }

  get port(): number {
    return this.#transport.address.port
  }

  get calls(): AsyncIterable<PhoneCall> {
    return this.#queue
  }

  nextCall(deadlineMs: number): Promise<PhoneCall> {
    return this.#queue.nextWithin(deadlineMs)
  }

  async placeCall(options: PlaceCallOptions): Promise<PhoneCall> {
    const to = addressOf(`sip:${options.to}`)
    if (to === undefined) throw new Error('the address to call is not host:port')
    const script = parseScript(options.script)
    const random = this.#nextRandom()
    const utterances = await prepareUtterances(script, random)
    const { host, port } = this.#transport.address
    const sipCallId = `${random.hex(16)}-${this.#calls}@${host}:${port}`
    const slot: Slot = { script, trace: new SipTrace(script.drop) }
    this.#slots.set(sipCallId, slot)
    const localTag = random.hex(10)
    const target = `sip:${options.user}@${options.to}`
    const local = `<sip:${options.from ?? 'phone'}@${host}:${port}>;tag=${localTag}`
    const dialog = this.#dialog(sipCallId, localTag, random, { local, remote: `<${target}>`, remoteTarget: target })
    const state = await this.#open('caller', slot, dialog, random, to)
    state.utterances = utterances
    const call = new OutgoingCall(state, to, options.digest)
    slot.handler = Promise.resolve(call)
    call.run().catch((error: unknown) => state.finish({ outcome: 'failed', by: 'phone', detail: String(error) }))
    return this.#present(state, undefined, () => void call.cancel())
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const state of this.#live) state.finish({ outcome: 'failed', by: 'phone', detail: 'the phone was closed' })
    this.#queue.close()
    this.#transport.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #nextRandom(): SeededRandom {
    this.#calls += 1
    return new SeededRandom(this.#parts.seed + this.#calls * 7919)
  }

  /** The slot of a message's call; an INVITE that begins a call opens one. */
  #slotOf(message: SipMessage): Slot | undefined {
    const sipCallId = header(message, 'call-id') ?? ''
    const known = this.#slots.get(sipCallId)
    if (known !== undefined || message.kind !== 'request' || !isNewInvite(message) || this.#isClosed) return known
    try {
      const script = this.#parts.scriptFor(factsOf(message))
      const slot: Slot = { script, trace: new SipTrace(script.drop) }
      this.#slots.set(sipCallId, slot)
      return slot
    } catch {
      // A wrong script from the chooser: the INVITE is answered 503 for want of a slot.
      return undefined
    }
  }

  #route(received: ReceivedRequest): void {
    const { request } = received
    if (this.#isClosed) return
    const slot = this.#slotOf(request)
    if (slot?.handler !== undefined) void slot.handler.then((call) => call.handle(received))
    else if (slot !== undefined && isNewInvite(request)) this.#takeCall(slot, received)
    else if (request.method === 'OPTIONS') this.#transport.respond(received, 200, { toTag: 'phone' })
    else if (request.method !== 'ACK') this.#transport.respond(received, slot ? 481 : isNewInvite(request) ? 503 : 481)
  }

  #takeCall(slot: Slot, received: ReceivedRequest): void {
    const { request, from } = received
    const sipCallId = header(request, 'call-id') ?? ''
    const random = this.#nextRandom()
    const dialog = this.#dialog(sipCallId, random.hex(10), random, { local: '', remote: '', remoteTarget: '' })
    const opening = this.#open('callee', slot, dialog, random, from).then((state) => {
      state.utterances = this.#parts.utterances ?? state.utterances
      const call = new IncomingCall(state, this.#parts.digest)
      this.#queue.push(this.#present(state, factsOf(request), () => call.decline()))
      call.handle(received)
      return call
    })
    slot.handler = opening
    opening.catch(() => {
      this.#slots.delete(sipCallId)
      this.#transport.respond(received, 503)
    })
  }

  #dialog(
    sipCallId: string,
    localTag: string,
    random: SeededRandom,
    ends: { readonly local: string; readonly remote: string; readonly remoteTarget: string },
  ): Dialog {
    return new Dialog({ sipCallId, localTag, self: this.#transport.address, random, ...ends })
  }

  async #open(role: CallRole, slot: Slot, dialog: Dialog, random: SeededRandom, peer: SipAddress): Promise<CallState> {
    const { script, trace } = slot
    const media = await MediaLeg.open(this.#loop, {
      host: this.#transport.address.host,
      ports: this.#parts.rtpPorts,
      via: this.#parts.rtpVia,
      random,
      thresholdDb: script.thresholdDb,
      keepsAudio: this.#parts.outDir !== undefined,
      onKey: (key) => state.note('dtmf', { key }),
    })
    const { sipCallId } = dialog
    const state = new CallState({
      role,
      sipCallId,
      script,
      random,
      transport: this.#transport,
      trace,
      dialog,
      media,
      peer,
    })
    this.#live.add(state)
    return state
  }

  #present(state: CallState, invite: InviteFacts | undefined, withdraw: () => void): PhoneCall {
    const ended = new Promise<void>((resolve) => {
      if (state.hasEnded) resolve()
      else state.signal.addEventListener('abort', () => resolve())
    }).then(() => {
      this.#live.delete(state)
      this.#slots.delete(state.sipCallId)
      const report = this.#lastReport.then(() => buildReport(state, this.#parts.outDir))
      this.#lastReport = report.catch(() => undefined)
      return report
    })
    ended.catch(() => {
      // Whoever awaits `ended` sees it; a caller that does not must not bring the process down.
    })
    return {
      sipCallId: state.sipCallId,
      role: state.role,
      ...(invite === undefined ? {} : { invite }),
      ended,
      hangup: () => {
        if (state.answeredAtNs === undefined) withdraw()
        else void hangUp(state)
      },
    }
  }
}

function isNewInvite(request: SipRequest): boolean {
  return request.method === 'INVITE' && headerParameter(header(request, 'to') ?? '', 'tag') === undefined
}

function factsOf(invite: SipRequest): InviteFacts {
  return {
    from: userOf(uriOf(header(invite, 'from') ?? '')),
    to: userOf(invite.uri),
    headers: invite.headers,
  }
}
