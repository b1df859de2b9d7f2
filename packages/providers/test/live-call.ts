import {
  Channel,
  type Clock,
  type RecognitionSpec,
  type RecognizerInput,
  type SpeechRecognizer,
  type Transcript,
  type TurnHint,
} from '@parley/core'
import { startLiveServer, VirtualClock } from '@parley/testkit'
import { onTestFinished } from 'vitest'

/** One call's recognition against a live server of the test. Media time begins at 1000. */
export async function startLiveCall(
  create: (url: string, clock: Clock) => SpeechRecognizer,
  spec: RecognitionSpec,
  refuseWith?: () => number | undefined,
) {
  const server = await startLiveServer(refuseWith)
  const clock = new VirtualClock()
  const input = new Channel<RecognizerInput>(1_000, 'fail')
  const controller = new AbortController()
  const transcripts = create(server.url, clock).transcribe(input, spec, controller.signal)[Symbol.asyncIterator]()
  onTestFinished(() => {
    controller.abort()
    server.stop()
  })
  let mediaMs = 1_000
  return {
    server,
    clock,
    controller,
    input,
    transcripts,
    next: async () => (await transcripts.next()).value as Transcript | TurnHint,
    /** `count` frames of 20 ms. */
    hear(count: number) {
      for (let frame = 0; frame < count; frame += 1) {
        input.push({ type: 'audio', samples: new Int16Array(160), mediaMs })
        mediaMs += 20
      }
    },
    start: () => input.push({ type: 'speech.started', mediaMs }),
    stop: () => input.push({ type: 'speech.stopped', mediaMs }),
  }
}
