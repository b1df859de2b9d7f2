import { managementHouse } from '../management-house.ts'
import { type FuzzedRequest, fuzzedRequest } from './fuzzed-request.ts'
import { Fuzzer } from './fuzzer.ts'
import { RawClient, type RawReply } from './raw-client.ts'

export interface StormReport {
  readonly requests: number
  readonly seed: number
  /** How often each answer came: codes of the API, `HTTP 4xx` of HTTP itself and of other addresses, `closed`. */
  readonly answers: Readonly<Record<string, number>>
  readonly unhandled: readonly string[]
  /** Lines the server logged as errors. */
  readonly errors: readonly string[]
  readonly slowestMs: number
  readonly tookS: number
}

const connections = 8
const hangMs = 10_000

/**
 * Sends damaged requests to a listening server over fakes and checks each answer: below 500, in time, and a whole envelope
 * without `InternalError` wherever HTTP was sound and the address is the API's.
 *
 * @throws Error with seed, number and request of the first that is answered otherwise
 */
export async function fuzzApi(requests: number, seed: number): Promise<StormReport> {
  const house = managementHouse({ numbers: async () => [{ number: '008601012340000' }] })
  const unhandled: string[] = []
  const note = (reason: unknown) => unhandled.push(String(reason))
  process.on('unhandledRejection', note)
  process.on('uncaughtException', note)
  const answers: Record<string, number> = {}
  const fuzzer = new Fuzzer(seed)
  const startedAtMs = performance.now()
  let slowestMs = 0
  let sent = 0
  try {
    await using api = house.api
    const { port } = await api.listen({ host: '127.0.0.1', port: 0 })
    const work = async () => {
      using client = new RawClient(port, hangMs)
      while (sent < requests) {
        sent += 1
        const number = sent
        const request = fuzzedRequest(fuzzer, house.api.routes)
        const sentAtMs = performance.now()
        const reply = await client.send(request.bytes, { isHead: request.method === 'HEAD', isLast: request.isBroken })
        slowestMs = Math.max(slowestMs, performance.now() - sentAtMs)
        const answer = judged(request, reply)
        if (answer.isFault) throw new Error(faultText(answer.name, seed, number, request, reply))
        answers[answer.name] = (answers[answer.name] ?? 0) + 1
        // Or they fill the memory of a long run.
        house.intake.calls.length = 0
        house.records.queries.length = 0
        house.management.entries.length = 0
        if (house.management.keyRows.size > 100) house.management.keyRows.clear()
        if (house.desk.rows.size > 100) house.desk.rows.clear()
      }
    }
    await Promise.all(Array.from({ length: connections }, work))
  } finally {
    process.off('unhandledRejection', note)
    process.off('uncaughtException', note)
  }
  const errors = house.logger.lines.filter((line) => line.startsWith('error'))
  return {
    requests: sent,
    seed,
    answers,
    unhandled,
    errors,
    slowestMs,
    tookS: (performance.now() - startedAtMs) / 1000,
  }
}

interface Judged {
  readonly name: string
  readonly isFault: boolean
}

function judged(request: FuzzedRequest, reply: RawReply): Judged {
  if (reply.kind !== 'answer') return { name: reply.kind, isFault: reply.kind === 'hang' || !request.isBroken }
  const { status, head, body } = reply
  if (!(status < 500)) return { name: `HTTP ${status}`, isFault: true }
  const isApi = /\r\ncontent-type: application\/json(\r\n|$)/i.test(head) && status === 200 && body.length > 0
  if (!isApi) return { name: `HTTP ${status}`, isFault: false }
  const code = envelopeCode(body)
  return { name: code, isFault: code.startsWith('InternalError') || code === 'no envelope' }
}

function envelopeCode(body: Buffer): string {
  const { Response } = JSON.parse(body.toString()) as { Response?: { RequestId?: string; Error?: { Code: string } } }
  if (Response?.RequestId?.length !== 36) return 'no envelope'
  return Response.Error?.Code ?? 'success'
}

function faultText(name: string, seed: number, number: number, request: FuzzedRequest, reply: RawReply): string {
  const sent = JSON.stringify(request.bytes.toString('latin1').slice(0, 3000))
  const got = reply.kind === 'answer' ? JSON.stringify(`${reply.head}\n${reply.body}`.slice(0, 1000)) : reply.kind
  return `${name}: seed ${seed}, request ${number}\n${sent}\n${got}`
}
