import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SeededRandom } from '@parley/testkit'
import { feedFramer, feedParser, fuzzCall } from './fuzz-targets.ts'
import { MessageMutator } from './message-mutator.ts'
import { seedMessages, talkMessages } from './seed-messages.ts'
import { receiveMs, worstCase, worstCases } from './worst-cases.ts'

const usage = `./scripts/fuzz-sip [--messages N] [--seed S] [--json FILE]
  N damaged messages (default 1,000,000) at the parser, a tenth of it at the divider of streams and a hundredth at user
  agents in calls; then the time of the worst cases. Exit code 1: something was thrown; the message is printed.`

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}
const messages = Number(values.messages)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const crashes: string[] = []
const print = (line: string) => void process.stdout.write(`${line}\n`)
/** Live bytes: needs `--expose-gc`. */
const heapMb = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1e6
}
/** The machine is slow at times, a message every time. */
const leastMs = (bytes: Buffer, onceMs: number) => {
  let least = onceMs
  for (let round = 0; round < 5; round += 1) {
    const fromMs = performance.now()
    feedParser(bytes)
    least = Math.min(least, performance.now() - fromMs)
  }
  return least
}
const crash = (what: string, error: unknown) => {
  crashes.push(what)
  process.stderr.write(`seed ${seed}, ${what}: ${error instanceof Error ? error.stack : String(error)}\n`)
}

print(`seed ${seed}, ${messages} messages`)
const corpus = [...seedMessages, ...(await talkMessages())]
const mutator = new MessageMutator(new SeededRandom(seed), corpus)
// Warm first: what the engine compiles is no leak.
for (let count = 0; count < 20_000; count += 1) feedParser(mutator.next())
const heapBeforeMb = heapMb()

let accepted = 0
let slowestMs = 0
let parserMs = 0
for (let count = 0; count < messages && crashes.length < 10; count += 1) {
  const bytes = mutator.next()
  const fromMs = performance.now()
  try {
    if (feedParser(bytes)) accepted += 1
  } catch (error) {
    crash(`message ${count} ${JSON.stringify(bytes.toString('latin1'))}`, error)
  }
  const tookMs = performance.now() - fromMs
  parserMs += tookMs
  if (tookMs > slowestMs && crashes.length === 0) slowestMs = Math.max(slowestMs, leastMs(bytes, tookMs))
  if (count % 1_000_000 === 999_999) print(`${count + 1} at the parser, slowest ${slowestMs.toFixed(1)} ms`)
}

const random = new SeededRandom(seed + 1)
const streams = new MessageMutator(random, corpus)
let streamBytes = 0
for (let count = 0; count < messages / 30 && crashes.length < 10; count += 1) {
  const bytes = Buffer.concat([streams.next(), streams.next(), streams.next()])
  try {
    streamBytes += feedFramer(bytes, random)
  } catch (error) {
    crash(`stream ${count}`, error)
  }
}
print(`${streamBytes} bytes of streams`)

const perCall = 2_000
let agentMessages = 0
for (let call = 0; agentMessages < messages / 100 && crashes.length < 10; call += 1) {
  try {
    await fuzzCall(new SeededRandom(seed + call), perCall)
  } catch (error) {
    crash(`call with seed ${seed + call}`, error)
  }
  agentMessages += perCall
}
print(`${agentMessages} at user agents in calls`)

const growth: Record<string, number> = {}
for (const name of Object.keys(worstCases)) {
  const now = () => performance.now()
  // The small one first: it pays for what is compiled.
  const smallMs = await receiveMs(worstCase(name, 16_384), 30, now)
  growth[name] = (await receiveMs(worstCase(name, 65_536), 30, now)) / smallMs
}
const heapAfterMb = heapMb()
const figures = {
  commit: execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
  measuredOn: new Date().toISOString().slice(0, 10),
  seed,
  messages,
  accepted,
  crashes: crashes.length,
  messagesPerS: Math.round((messages / parserMs) * 1_000),
  slowestMs,
  heapBeforeMb,
  heapAfterMb,
  agentMessages,
  streamBytes,
  growth,
}
print(JSON.stringify(figures, null, 2))
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
process.exitCode = crashes.length > 0 ? 1 : 0
