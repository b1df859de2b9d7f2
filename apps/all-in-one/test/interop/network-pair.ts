import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/**
 * Two network namespaces joined by a cable: the engine lives in one, telephones and proxies in the other. Neither sees
 * the machine's own network but for a second cable, by which the test reaches the engine's API and the engine the test's
 * language model.
 */
export interface NetworkPair extends Disposable {
  /** Namespace of the engine, and its address towards the peers. */
  readonly engine: { readonly namespace: string; readonly host: string; readonly controlHost: string }
  /** Namespace of the peers; `host` is the address telephones take, `proxyHost` a second one. */
  readonly peers: { readonly namespace: string; readonly host: string; readonly proxyHost: string }
  /** The test's own address on the engine's second cable. */
  readonly testHost: string
}

const namePattern = /^parley-(\d+)-[ab]$/

/** Why there can be no namespaces here; undefined: there can. */
export function noNamespacesBecause(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root'
  const probe = `parley-${process.pid}-probe`
  const made = spawnSync('ip', ['netns', 'add', probe], { encoding: 'utf8' })
  if (made.error) return made.error.message
  if (made.status !== 0) return made.stderr.trim()
  spawnSync('ip', ['netns', 'del', probe])
  return undefined
}

/** @throws Error with what `ip` said */
export function openNetworkPair(): NetworkPair {
  removeStale()
  const { pid } = process
  const [a, b] = [`parley-${pid}-a`, `parley-${pid}-b`]
  const net = freeNet()
  const control = `prl-${pid}`
  using parts = new DisposableStack()
  for (const name of [a, b]) {
    ip('netns', 'add', name)
    parts.defer(() => removeNamespace(name))
    ip('-n', name, 'link', 'set', 'lo', 'up')
  }
  ip('link', 'add', 'sip0', 'netns', a, 'type', 'veth', 'peer', 'name', 'sip0', 'netns', b)
  ip('link', 'add', control, 'type', 'veth', 'peer', 'name', 'ctl0', 'netns', a)
  parts.defer(() => ip('link', 'del', control))
  ip('-n', a, 'addr', 'add', `10.201.${net}.1/24`, 'dev', 'sip0')
  for (const last of [2, 3]) ip('-n', b, 'addr', 'add', `10.201.${net}.${last}/24`, 'dev', 'sip0')
  for (const name of [a, b]) ip('-n', name, 'link', 'set', 'sip0', 'up')
  ip('-n', a, 'addr', 'add', `10.202.${net}.1/24`, 'dev', 'ctl0')
  ip('-n', a, 'link', 'set', 'ctl0', 'up')
  ip('addr', 'add', `10.202.${net}.2/24`, 'dev', control)
  ip('link', 'set', control, 'up')
  // Telephones look for a default route to learn their own address.
  ip('-n', b, 'route', 'add', 'default', 'via', `10.201.${net}.1`)
  const owned = parts.move()
  return {
    engine: { namespace: a, host: `10.201.${net}.1`, controlHost: `10.202.${net}.1` },
    peers: { namespace: b, host: `10.201.${net}.2`, proxyHost: `10.201.${net}.3` },
    testHost: `10.202.${net}.2`,
    [Symbol.dispose]: () => owned.dispose(),
  }
}

/** Packets that have come into the namespace of the peers so far. */
export function receivedPackets(namespace: string): number {
  const [link] = JSON.parse(ip('-n', namespace, '-s', '-j', 'link', 'show', 'sip0'))
  return link.stats64.rx.packets
}

/** The first third octet, from one that depends on the process, whose network nobody has on this machine. */
function freeNet(): number {
  const taken = new Set(
    Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []),
  )
  for (let i = 0; i < 250; i += 1) {
    const net = ((process.pid + i) % 250) + 1
    if (!taken.has(`10.202.${net}.2`)) return net
  }
  throw new Error('no network is free')
}

/** What tests that were killed have left. */
function removeStale(): void {
  for (const line of ip('netns', 'list').split('\n')) {
    const name = line.split(' ')[0] ?? ''
    const pid = namePattern.exec(name)?.[1]
    if (pid && !existsSync(`/proc/${pid}`)) removeNamespace(name)
  }
}

/** With the processes in it, which would keep its cables. */
function removeNamespace(name: string): void {
  for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It ended by itself.
    }
  }
  ip('netns', 'del', name)
}

function ip(...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync('ip', args, { encoding: 'utf8', timeout: 10_000 })
  if (error) throw error
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`)
  return stdout
}
