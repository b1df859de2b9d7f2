import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { type CallReport, type Phone, type PhoneCall, startPhone } from './index.ts'

const usage = `usage: main.ts --script FILE [--host A] [--port N] [--out DIR] [--seed N] [--rtp-ports FROM-TO] [--once]
               [--username U --password P --realm R [--algorithm MD5|SHA-256]]
               [--call HOST:PORT --user USER [--from USER]]
Answers calls as the script says, or places one call with --call. Prints one JSON object per line.`

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    script: { type: 'string' },
    out: { type: 'string' },
    seed: { type: 'string' },
    'rtp-ports': { type: 'string' },
    once: { type: 'boolean', default: false },
    username: { type: 'string' },
    password: { type: 'string' },
    realm: { type: 'string', default: 'phone' },
    algorithm: { type: 'string', default: 'MD5' },
    call: { type: 'string' },
    user: { type: 'string', default: '1000' },
    from: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

function print(type: string, fields: object): void {
  process.stdout.write(`${JSON.stringify({ type, ...fields })}\n`)
}

async function follow(call: PhoneCall): Promise<CallReport> {
  print('call', { sipCallId: call.sipCallId, role: call.role })
  const report = await call.ended
  print('report', report)
  return report
}

function open(script: string): Promise<Phone> {
  const [from, to] = (values['rtp-ports'] ?? '').split('-').map(Number)
  const { username, password, realm } = values
  const algorithm = values.algorithm === 'SHA-256' ? 'SHA-256' : 'MD5'
  const isCaller = values.call !== undefined
  return startPhone({
    host: values.host,
    port: Number(values.port),
    script: isCaller ? { busy: true } : script,
    ...(values.out === undefined ? {} : { outDir: values.out }),
    ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
    ...(from && to ? { rtpPorts: { from, to } } : {}),
    ...(username !== undefined && password !== undefined && !isCaller
      ? { digest: { username, password, realm, algorithm } }
      : {}),
  })
}

async function placeOne(phone: Phone, to: string, script: string): Promise<CallReport> {
  const { username, password, from, user } = values
  const call = await phone.placeCall({
    to,
    user,
    script,
    ...(from === undefined ? {} : { from }),
    ...(username !== undefined && password !== undefined ? { digest: { username, password } } : {}),
  })
  return follow(call)
}

async function main(): Promise<void> {
  if (values.help || values.script === undefined) {
    process.stderr.write(`${usage}\n`)
    process.exitCode = values.help ? 0 : 2
    return
  }
  const script = await readFile(values.script, 'utf8')
  await using phone = await open(script)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void phone.close())
  print('listening', { host: values.host, port: phone.port })
  if (values.call !== undefined) {
    const report = await placeOne(phone, values.call, script)
    process.exitCode = report.problems.length === 0 ? 0 : 1
    return
  }
  const running = new Set<Promise<unknown>>()
  for await (const call of phone.calls) {
    const ending = follow(call)
    if (values.once) {
      process.exitCode = (await ending).problems.length === 0 ? 0 : 1
      break
    }
    running.add(ending)
    void ending.finally(() => running.delete(ending))
  }
  await Promise.all(running)
}

main().catch((error: unknown) => {
  print('error', { message: error instanceof Error ? error.message : String(error) })
  process.exitCode = 2
})
