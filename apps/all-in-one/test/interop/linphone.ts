import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeTone } from '../tone.ts'
import { realm } from './kamailio.ts'
import { startPeer } from './peer-process.ts'
import { readFirstChannel, type Sound } from './sound.ts'

export interface Linphone extends AsyncDisposable {
  readonly log: () => string
  press(key: string): void
  /** A command of its console. */
  command(text: string): void
  wrote(pattern: RegExp, deadlineMs?: number, from?: number): Promise<RegExpExecArray>
  heard(): Sound
}

export interface LinphoneOptions {
  readonly namespace: string
  readonly directory: string
  readonly host: string
  readonly port: number
  readonly user: string
  /** Sine it sends all the time. */
  readonly toneHz: number
  /** Where it registers over TLS, and the authority that the certificate there must be from. */
  readonly registrar?: { readonly host: string; readonly password: string; readonly caFile: string }
}

/** How its log tells that the key 7 arrived. */
export const linphoneTold7: RegExp = /Receiving tone 7/

/**
 * linphonec 5.1, which takes encrypted calls only, answers by itself, plays a WAV file and records another instead of
 * using a sound card.
 */
export async function startLinphone(options: LinphoneOptions): Promise<Linphone> {
  const { namespace, user, host, port, toneHz, registrar } = options
  const directory = mkdtempSync(join(options.directory, 'linphone-'))
  mkdirSync(join(directory, '.local/share/linphone'), { recursive: true })
  writeTone(join(directory, 'tone.wav'), toneHz, 25)
  const config = join(directory, 'linphonerc')
  writeFileSync(
    config,
    [
      '[sip]',
      ...[`sip_port=${port}`, `sip_tcp_port=${port}`, 'sip_tls_port=-1', `contact=sip:${user}@${host}`],
      ...['use_info=0', 'use_rfc2833=1', 'guess_hostname=1', 'media_encryption=srtp', 'media_encryption_mandatory=1'],
      ...(registrar ? [`root_ca=${registrar.caFile}`, 'verify_server_certs=1', 'verify_server_cn=1'] : []),
      ...(registrar ? ['default_proxy=0'] : []),
      ...(registrar ? registration(user, registrar) : []),
      '[rtp]',
      'audio_rtp_port=31000',
      '[sound]',
      'echocancellation=0',
      '',
    ].join('\n'),
  )
  const recording = join(directory, 'heard.wav')
  const phone = startPeer({ namespace, directory, command: ['linphonec', '-c', config] })
  await using building = new AsyncDisposableStack()
  building.use(phone)
  const command = (text: string) => phone.write(`${text}\n`)
  command('soundcard use files')
  command(`play ${join(directory, 'tone.wav')}`)
  command(`record ${recording}`)
  command('autoanswer enable')
  await phone.wrote(/Auto answer enabled/)
  const parts = building.move()
  return {
    log: phone.log,
    press: command,
    command,
    wrote: phone.wrote,
    heard: () => readFirstChannel(existsSync(recording) ? readFileSync(recording) : new Uint8Array()),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

function registration(user: string, { host, password }: NonNullable<LinphoneOptions['registrar']>): readonly string[] {
  return [
    '[auth_info_0]',
    ...[`username=${user}`, `passwd=${password}`, `realm=${realm}`],
    '[proxy_0]',
    ...[`reg_proxy=<sip:${host}:5061;transport=tls>`, `reg_identity=sip:${user}@${host}`],
    ...['reg_sendregister=1', 'reg_expires=60', 'publish=0'],
  ]
}
