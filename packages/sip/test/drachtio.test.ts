import { silentLogger } from '@parley/core'
import { afterEach, expect, test } from 'vitest'
import { DrachtioStack, type DrachtioStackOptions } from '../src/drachtio/drachtio-stack.ts'
import { createSignalling } from '../src/index.ts'
import { describeIncoming } from './contract/incoming-scenarios.ts'
import { PeerDialog, sendNew } from './contract/peer-dialog.ts'
import { type EventLog, type OpenedStack, Scene } from './contract/stack-under-test.ts'
import { UdpPeer } from './contract/udp-peer.ts'
import { drachtioBinary, serverSecret, startRealServer } from './drachtio-server/real-server.ts'
import { untilServed } from './drachtio-server/until-served.ts'
import { WireServer, wireSecret } from './drachtio-server/wire-server.ts'
import { realClock, realRandom } from './support/real-clock.ts'
import { dialRequest, LegReader, sdpOf, trunkTo } from './support/signalling-pair.ts'
import { labelOf } from './support/virtual-network.ts'

const openThings: AsyncDisposable[] = []

afterEach(async () => {
  for (const thing of openThings.splice(0).reverse()) await thing[Symbol.asyncDispose]()
})

const common = {
  clock: realClock,
  random: realRandom,
  logger: silentLogger,
  userAgent: 'parley-test',
  realm: '127.0.0.1',
}
const at = (server: WireServer, secret = wireSecret) => ({ host: '127.0.0.1', port: server.adminPort, secret })

async function serverOpen(): Promise<WireServer> {
  const server = await WireServer.open()
  openThings.push(server)
  return server
}

/** A scene whose stack uses these servers. */
async function sceneOn(servers: DrachtioStackOptions['servers'], sipPort: number): Promise<Scene> {
  const scene = new Scene()
  await scene.start(async (owner) => {
    const stack = await DrachtioStack.open({ ...common, owner, servers })
    return { stack, sipPort, close: async () => {} }
  }, realClock)
  openThings.push({ [Symbol.asyncDispose]: () => scene.stop() })
  return scene
}

async function answered(scene: Scene): Promise<EventLog> {
  const { log } = scene.dial()
  scene.peer.respond(await scene.peer.request('INVITE'), 200, { sdp: sdpOf(5_000) })
  await log.until('answered')
  await scene.peer.request('ACK')
  return log
}

test('calls of a server that is gone fail, and it serves again once it is back', async () => {
  const server = await serverOpen()
  const scene = await sceneOn([at(server)], server.sipPort)
  const talking = await answered(scene)
  const ringing = scene.dial()
  scene.peer.respond(await scene.peer.request('INVITE'), 180)
  await ringing.log.until('ringing')
  server.cut()
  expect(await talking.until('failed')).toMatchObject({ cause: 'transport' })
  expect(await ringing.log.until('failed')).toMatchObject({ cause: 'transport' })
  expect(scene.stack.counters.live).toBe(0)
  await untilServed(server.sipPort)
  await answered(scene)
})

test('an incoming call that waits for an answer fails with its server', async () => {
  const server = await serverOpen()
  const scene = await sceneOn([at(server)], server.sipPort)
  await untilServed(server.sipPort)
  sendNew(scene.peer, 'INVITE', { sdp: sdpOf(5_000) })
  const { log } = await scene.called()
  server.cut()
  expect(await log.until('failed')).toMatchObject({ cause: 'transport' })
})

test('while one server is gone the other takes every call', async () => {
  const [lost, stays] = [await serverOpen(), await serverOpen()]
  const scene = await sceneOn([at(lost), at(stays)], stays.sipPort)
  await lost[Symbol.asyncDispose]()
  openThings.splice(openThings.indexOf(lost), 1)
  for (let call = 0; call < 3; call += 1) await answered(scene)
})

test('the messages of a call are told of, with the other side', async () => {
  const server = await serverOpen()
  const told: string[] = []
  const scene = new Scene()
  await scene.start(async (owner) => {
    const stack = await DrachtioStack.open({
      ...common,
      owner,
      servers: [at(server)],
      onMessage: (bytes, sent, peer) => told.push(`${sent ? 'to' : 'from'} ${peer} ${labelOf(bytes)}`),
    })
    return { stack, sipPort: server.sipPort, close: async () => {} }
  }, realClock)
  openThings.push({ [Symbol.asyncDispose]: () => scene.stop() })
  const { call, log } = scene.dial()
  scene.peer.respond(await scene.peer.request('INVITE'), 200, { sdp: sdpOf(5_000) })
  await log.until('answered')
  call.hangup()
  scene.peer.respond(await scene.peer.request('BYE'), 200)
  await expect.poll(() => told.length).toBe(4)
  const peer = `udp:127.0.0.1:${scene.peer.port}`
  expect(told).toEqual([`to ${peer} INVITE`, `from ${peer} 200 INVITE`, `to ${peer} BYE`, `from ${peer} 200 BYE`])
})

test('two servers take calls in turn', async () => {
  const servers = [await serverOpen(), await serverOpen()]
  const scene = await sceneOn(
    servers.map((server) => at(server)),
    servers[0]?.sipPort ?? 0,
  )
  const ports = new Set<string | undefined>()
  for (let call = 0; call < 2; call += 1) {
    scene.dial()
    const invite = await scene.peer.request('INVITE')
    ports.add(invite.headers.get('contact'))
    scene.peer.respond(invite, 486)
  }
  expect(ports.size).toBe(2)
})

test.each(['nobody listens', 'another secret'])('without a server (%s) a call fails at once', async (why) => {
  const server = await serverOpen()
  const target = why === 'another secret' ? at(server, 'wrong') : { host: '127.0.0.1', port: 9, secret: wireSecret }
  const scene = await sceneOn([target], server.sipPort)
  const { log } = scene.dial()
  expect(await log.until('failed')).toMatchObject({ cause: 'transport' })
})

test('a call that the server sends back to us is refused as a loop', async () => {
  const server = await serverOpen()
  const scene = await sceneOn([at(server)], server.sipPort)
  await untilServed(server.sipPort)
  scene.dial()
  const invite = await scene.peer.request('INVITE')
  sendNew(scene.peer, 'INVITE', { sdp: sdpOf(5_000), headers: { 'call-id': invite.headers.get('call-id') ?? '' } })
  expect((await scene.peer.response('INVITE')).status).toBe(482)
  expect(scene.incoming).toEqual([])
  scene.peer.respond(invite, 486)
})

test('the gateway of the configuration calls over a drachtio-server', async () => {
  const server = await serverOpen()
  const peer = await UdpPeer.open()
  openThings.push(peer)
  peer.target = server.sipPort
  const signalling = await createSignalling({
    ...common,
    trunks: [trunkTo(peer.port)],
    bind: { host: '127.0.0.1', port: 0, transports: ['udp'] },
    drachtio: { servers: [at(server)] },
    onInvite: async () => ({ kind: 'reject', status: 603, reason: 'Decline' }),
  })
  openThings.push(signalling)
  expect(signalling.localPorts.udp).toBe(server.sipPort)
  const leg = new LegReader(signalling.dial(dialRequest(), new AbortController().signal))
  peer.respond(await peer.request('INVITE'), 486)
  expect(await leg.until('rejected')).toMatchObject({ status: 486 })
  await untilServed(server.sipPort)
  sendNew(peer, 'INVITE', { sdp: sdpOf(5_000) })
  expect((await peer.response('INVITE')).status).toBe(603)
})

/** Asks the stack's endpoint as a server does. */
async function askRoute(port: number | undefined, source: string): Promise<{ uri: string } | number> {
  const answer = await fetch(`http://127.0.0.1:${port}/?method=INVITE&source_address=${source}`)
  const { data } = (await answer.json()) as { data: { uri: string; status?: number } }
  return data.status ?? { uri: data.uri }
}

const listening = { host: '127.0.0.1', port: 0, secret: wireSecret, routingPort: 0, address: '127.0.0.1' }

describeIncoming(
  async (owner): Promise<OpenedStack> => {
    const stack = await DrachtioStack.open({ ...common, owner, servers: [], listen: listening })
    const server = await WireServer.open(0, (_invite, source) => askRoute(stack.routingPort, source))
    return { stack, sipPort: server.sipPort, close: () => server[Symbol.asyncDispose]() }
  },
  new Set(['retry-after']),
)

test.skipIf(!drachtioBinary)('a real server asks where a call goes and connects to us', async () => {
  const scene = new Scene()
  await scene.start(async (owner) => {
    const listen = { ...listening, secret: serverSecret }
    const stack = await DrachtioStack.open({ ...common, owner, servers: [], listen })
    const server = await startRealServer(drachtioBinary ?? '', `http://127.0.0.1:${stack.routingPort}`)
    return { stack, sipPort: server.sipPort, close: () => server.stop() }
  }, realClock)
  openThings.push({ [Symbol.asyncDispose]: () => scene.stop() })
  const { peer } = scene
  const invite = sendNew(peer, 'INVITE', { sdp: sdpOf(5_000) })
  const { call, log } = await scene.called()
  call.ring()
  await peer.response('INVITE', 180)
  call.answer(sdpOf(40_000))
  const dialog = PeerDialog.ofSent(peer, invite, await peer.response('INVITE'))
  dialog.ack()
  dialog.send('INVITE', { sdp: sdpOf(5_002) })
  call.reanswer((await log.until('reoffer')).id, sdpOf(40_002))
  expect((await peer.response('INVITE')).status).toBe(200)
  dialog.ack()
  dialog.send('BYE')
  expect((await peer.response('BYE')).status).toBe(200)
  await log.until('bye')
  scene.known = false
  sendNew(peer, 'INVITE', { sdp: sdpOf(5_000) })
  expect((await peer.response('INVITE')).status).toBe(403)
})
