import type { CallEvent, CallEventBody, CallRecord, SpeechSource, TurnId } from '@parley/core'
import { turnLatency } from './turn-latency.ts'

type Said = Extract<CallEventBody, { type: 'user.said' | 'assistant.said' }>
type Latency = ReturnType<typeof turnLatency>

/** `SpokenType`: what is said without asking the model is a script's line. */
const spokenTypes: Readonly<Record<SpeechSource, 'Script' | 'LLMFallback' | 'NoResponseTip' | 'Other'>> = {
  greeting: 'Script',
  reply: 'LLMFallback',
  say: 'Script',
  silencePrompt: 'NoResponseTip',
  filler: 'Other',
  apology: 'Other',
}

/**
 * The talk as `AICallInteractionRound[]`: one round for each turn in which something was said and heard. Instants are Unix
 * ms of the first sound. There is no canvas here, so there are no paths, intents or slots.
 */
export function interactionRounds(call: CallRecord, events: readonly CallEvent[]) {
  const originMs = call.answeredAtMs ?? call.createdAtMs
  const rounds = new Map<TurnId, Said[]>()
  const latencies = new Map<TurnId, Latency>()
  for (const { body } of events) {
    if (body.type === 'turn.completed') latencies.set(body.timings.turn, turnLatency(body.timings))
    if (isSaid(body)) {
      rounds.set(body.turn, [...(rounds.get(body.turn) ?? []), body])
    }
  }
  return [...rounds].map(([turn, said], index) => ({
    RoundId: String(turn),
    RoundIndex: index + 1,
    Tags: index === rounds.size - 1 ? tagsText(call.tags) : '',
    Messages: said
      .toSorted((a, b) => a.fromMs - b.fromMs)
      .map((line) => ({
        Timestamp: Math.round(originMs + line.fromMs),
        UserReply: line.type === 'user.said' ? userReply(line.text) : null,
        AISpeak: line.type === 'assistant.said' ? aiSpeak(line, latencies.get(turn)) : null,
      })),
    Paths: [],
  }))
}

/** `TagType` of what was decided on the whole call. */
const callTag = 1

/** Tags are of the call, so they stand in its last round. */
function tagsText(tags: CallRecord['tags'] = []): string {
  if (tags.length === 0) return ''
  return JSON.stringify(tags.map(({ name, value }) => ({ TagName: name, TagValue: value, TagType: callTag })))
}

/** What came from a mouth and reached an ear. */
function isSaid(body: CallEventBody): body is Said {
  return body.type === 'user.said' ? body.origin === undefined : body.type === 'assistant.said' && body.heard !== ''
}

function userReply(text: string) {
  return { ASRTranscript: text, MatchedIntent: '', ExtractedSlots: '', BranchType: 'Other' }
}

function aiSpeak(line: Extract<Said, { type: 'assistant.said' }>, latency: Latency | undefined) {
  return {
    // Certain only once it has happened.
    CanBeInterrupted: line.interrupted ? true : null,
    SpokenText: line.heard,
    SpokenType: spokenTypes[line.source],
    LatencyMetrics:
      line.source === 'reply' && latency
        ? {
            AsrLatency: latency.ASRLatency,
            LLMFirstTokenLatency: latency.LLMFirstTokenLatency,
            TTSLatency: latency.TTSLatency,
            TotalLatency: latency.ETELatency,
          }
        : null,
    KnowledgeName: '',
    TraverseReason: '',
  }
}
