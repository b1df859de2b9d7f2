import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CertificateFiles } from '../../../../packages/sip/test/support/test-certificates.ts'
import { until } from '../placed-call.ts'
import { writeTone } from '../tone.ts'
import { receivedPackets } from './network-pair.ts'
import { startPeer } from './peer-process.ts'
import { readFirstChannel, type Sound } from './sound.ts'

export interface Baresip extends AsyncDisposable {
  readonly log: () => string
  dial(uri: string): void
  press(key: string): void
  hangUp(): void
  /** Any other command of its menu. */
  command(name: string, params?: string): void
  wrote(pattern: RegExp, deadlineMs?: number, from?: number): Promise<RegExpExecArray>
  /** What it heard in its last call; nothing before there was one. */
  heard(): Sound
}

export interface BaresipOptions {
  readonly namespace: string
  readonly directory: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** Default PCMA. */
  readonly codec?: 'PCMA' | 'PCMU' | 'G722' | 'opus'
  /** Sine it sends all the time. */
  readonly toneHz: number
  /** Answers by itself; default true. */
  readonly answers?: boolean
  /** Parameters of its account, after the address. */
  readonly account?: readonly string[]
  /** Its certificate, for the TLS port above its port, and the authority that others must have theirs from. */
  readonly tls?: CertificateFiles & { readonly caFile: string }
  /** Default: the address it listens on. */
  readonly domain?: string
}

const sources = {
  PCMA: { sampleRateHz: 8_000, channels: 1, name: 'pcma' },
  PCMU: { sampleRateHz: 8_000, channels: 1, name: 'pcmu' },
  G722: { sampleRateHz: 16_000, channels: 1, name: 'g722/16000/1' },
  opus: { sampleRateHz: 48_000, channels: 2, name: 'opus/48000/2' },
} as const

/**
 * baresip 1.0 without sound card: a WAV file is its microphone, another gets what it hears. It takes commands as
 * netstrings on a TCP port of its namespace, to which a shell in there passes them on.
 */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  const { namespace, host, port, user, toneHz } = options
  const directory = mkdtempSync(join(options.directory, 'baresip-'))
  const { name: codec, ...format } = sources[options.codec ?? 'PCMA']
  const file = (name: string, content: string) => writeFileSync(join(directory, name), content)
  writeTone(join(directory, 'tone.wav'), toneHz, 25, format)
  file('contacts', '')
  file('config', configOf(options, directory, format.channels))
  const { tls } = options
  if (tls) file('certificate.pem', readFileSync(tls.certFile, 'utf8') + readFileSync(tls.keyFile, 'utf8'))
  const account = [
    `<sip:${user}@${options.domain ?? `${host}:${port}`}>`,
    `answermode=${options.answers === false ? 'manual' : 'auto'}`,
    `audio_codecs=${codec}`,
    ...(options.account ?? ['regint=0']),
  ]
  file('accounts', `${account.join(';')}\n`)
  await using building = new AsyncDisposableStack()
  const phone = building.use(startPeer({ namespace, directory, command: ['baresip', '-s', '-f', directory] }))
  await phone.wrote(/baresip is ready/)
  const door = building.use(
    startPeer({
      namespace,
      directory,
      command: ['bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port + 1000}; cat <&3 & exec cat >&3`],
    }),
  )
  const command = (name: string, params = '') => {
    const text = JSON.stringify({ command: name, params })
    door.write(`${Buffer.byteLength(text)}:${text},`)
  }
  const parts = building.move()
  return {
    log: phone.log,
    dial: (uri) => command('dial', uri),
    press: (key) => command('sndcode', key),
    hangUp: () => command('hangup'),
    command,
    wrote: phone.wrote,
    heard: () => {
      const last = readdirSync(directory)
        .filter((name) => name.endsWith('-dec.wav'))
        .sort()
        .at(-1)
      return readFirstChannel(last ? readFileSync(join(directory, last)) : new Uint8Array())
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** How its log tells that the key 7 arrived. */
export const baresipTold7: RegExp = /received event: '7' \(end=1\)/

/** Holds a call, sees that nothing comes any more, takes it back and sees that it comes again. */
export async function holdAndResume(phone: Baresip, namespace: string): Promise<void> {
  const answered = async (command: string, direction: string) => {
    const before = phone.log().length
    phone.command(command)
    await phone.wrote(new RegExp(`SIP/2\\.0 200 [\\s\\S]*a=${direction}`), 5_000, before)
  }
  const arriving = (what: string, fits: (packets: number) => boolean) => {
    let last = receivedPackets(namespace)
    return until(what, 5_000, async () => {
      await pause(500)
      const now = receivedPackets(namespace)
      const packets = now - last
      last = now
      return fits(packets) ? true : undefined
    })
  }
  await arriving('a stream of packets', (packets) => packets >= 20)
  await answered('hold', 'recvonly')
  await arriving('a pause in the stream', (packets) => packets <= 3)
  await answered('resume', 'sendrecv')
  await arriving('the stream to go on', (packets) => packets >= 20)
}

function configOf(options: BaresipOptions, directory: string, channels: number): string {
  const { host, port, tls } = options
  const modules = ['g711', 'g722', 'opus', 'aufile', 'sndfile', 'srtp']
  return [
    `sip_listen ${host}:${port}`,
    'call_local_timeout 30',
    'call_max_calls 4',
    `audio_source aufile,${join(directory, 'tone.wav')}`,
    `audio_channels ${channels}`,
    `ausrc_channels ${channels}`,
    'ausrc_format s16',
    'auplay_format s16',
    'module_path /usr/lib/baresip/modules',
    ...modules.map((name) => `module ${name}.so`),
    'module_tmp uuid.so',
    'module_tmp account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${port + 1000}`,
    `snd_path ${directory}`,
    ...(tls ? [`sip_certificate ${join(directory, 'certificate.pem')}`, `sip_cafile ${tls.caFile}`] : []),
    '',
  ].join('\n')
}
