import { type Command, flag, json } from '../command.ts'
import { type Call, endOf, findCall } from '../engine/call.ts'
import { clockText, instantText, spanText } from '../output/table.ts'

/** Shows one call. */
export const cdr: Command = {
  name: 'cdr',
  synopsis: 'ID [--json]',
  summary: 'show the record of a call',
  help: ['--json                as the API has it'],
  options: json,
  arguments: [1, 1],
  async run(job) {
    const call = await findCall(job.engine, job.positionals[0] ?? '')
    if (flag(job, 'json')) job.terminal.out(JSON.stringify(call))
    else for (const [name, text] of facts(call)) job.terminal.out(`${name.padEnd(12)}${text}`)
    return 0
  },
}

function facts(call: Call): readonly (readonly [string, string])[] {
  const { quality, recording, keys, transfers } = call
  const talk = spanText(call.answeredAt, call.endedAt)
  return [
    ['call', `${call.id}, application ${call.sdkAppId}`],
    ['direction', `${call.direction}${call.trunk ? ` by trunk ${call.trunk}` : ''}`],
    ['caller', call.caller || '-'],
    ['callee', call.callee],
    ['made', instantText(call.createdAt)],
    ['ringing', instantText(call.ringingAt)],
    ['answered', instantText(call.answeredAt)],
    ['ended', `${instantText(call.endedAt)}${talk === '-' ? '' : `, ${talk} of talk`}`],
    ['end', endOf(call)],
    ...(quality ? [['quality', qualityText(quality)] as const] : []),
    ...(recording ? [['recording', `${clockText(recording.durationMs)}, ${recording.bytes} bytes`] as const] : []),
    ...(keys.length > 0 ? [['keys', keys.map(({ key }) => key).join('')] as const] : []),
    ...transfers.map(
      ({ attempt, skillGroupId }) => ['transfer', `${attempt + 1} to skill group ${skillGroupId}`] as const,
    ),
  ]
}

function qualityText({ codec, encrypted, uplink, downlink }: NonNullable<Call['quality']>): string {
  return [
    `${codec}${encrypted ? ', SRTP' : ''}`,
    ...(uplink?.mos === undefined ? [] : [`caller to us MOS ${uplink.mos}`]),
    ...(uplink?.packetsLost === undefined ? [] : [`${uplink.packetsLost} packets lost`]),
    ...(downlink?.mos === undefined ? [] : [`us to caller MOS ${downlink.mos}`]),
  ].join(', ')
}
