import {
  type AfterCallJob,
  type AfterCallJobs,
  type AfterCallResult,
  type CallRecords,
  type Clock,
  type Logger,
  type ProviderCatalog,
  toVoiceError,
  VoiceError,
  waitUntil,
} from '@parley/core'
import { afterCallPrompt } from './after-call-prompt.ts'
import { emptyResult, readAnswer } from './read-answer.ts'

export interface AfterCallOptions {
  readonly jobs: AfterCallJobs
  readonly records: Pick<CallRecords, 'transcript'>
  readonly providers: Pick<ProviderCatalog, 'chatModel'>
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** Looking costs one short statement. Taste. */
const pollMs = 1_000
/** Of one process: calls that talk come first. Taste. */
const maxAtOnce = 4
const attemptLimitMs = 60_000
/** Before the second attempt, the third and so on; then it is over. Taste. */
const retryAfterMs: readonly number[] = [5_000, 30_000, 120_000, 600_000]
/** Longer answers are no answer. UTF-16 units. */
const maxAnswerLength = 200_000

/** Asks the models of calls that are over what their plans say, until `signal` aborts. Never rejects. */
export async function runAfterCallJobs(options: AfterCallOptions): Promise<void> {
  const { jobs, clock, logger, signal } = options
  const running = new Set<Promise<void>>()
  while (!signal.aborted) {
    const job = running.size < maxAtOnce ? await jobs.claim().catch((error) => logFailure(logger, error)) : undefined
    if (job) {
      const work = perform(job, options).finally(() => running.delete(work))
      running.add(work)
      continue
    }
    await waitUntil(clock, clock.nowMs() + pollMs, signal).catch(() => {})
  }
  await Promise.all(running)
}

function logFailure(logger: Logger, error: unknown): undefined {
  logger.warn('work on calls that are over could not be looked up', { error: String(error) })
}

async function perform(job: AfterCallJob, options: AfterCallOptions): Promise<void> {
  const { jobs, signal } = options
  const logger = options.logger.child({ callId: job.callId, attempt: job.attempt })
  try {
    await jobs.finish(job, await answerOf(job, options))
    logger.info('model answered about a call that is over')
  } catch (cause) {
    const { code, retryable } = toVoiceError(cause, 'INTERNAL')
    const pauseMs = signal.aborted ? 0 : retryable ? retryAfterMs[job.attempt - 1] : undefined
    const again = pauseMs === undefined ? {} : { afterMs: pauseMs }
    logger.warn('model did not answer about a call that is over', { code, ...again })
    await jobs.giveBack(job, { code, ...again }).catch((error) => logFailure(logger, error))
  }
}

async function answerOf(job: AfterCallJob, options: AfterCallOptions): Promise<AfterCallResult> {
  const transcript = await options.records.transcript(job.applicationId, job.callId)
  if (!transcript.some(({ role }) => role === 'user')) return emptyResult(job.plan)
  const limit = new AbortController()
  using _timer = options.clock.setTimer(options.clock.nowMs() + attemptLimitMs, () =>
    limit.abort(new VoiceError('LLM_TIMEOUT')),
  )
  const signal = AbortSignal.any([options.signal, limit.signal])
  const model = options.providers.chatModel(job.model)
  const request = { tools: [], requestId: `${job.callId}-after-${job.attempt}` }
  let answer = ''
  for await (const delta of model.reply(afterCallPrompt(job.plan, transcript), request, signal)) {
    if (delta.type === 'text') answer += delta.text
    if (answer.length > maxAnswerLength) break
  }
  signal.throwIfAborted()
  return readAnswer(job.plan, answer)
}
