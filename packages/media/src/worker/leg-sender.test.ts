import { expect, test } from 'vitest'
import { LegSender, type LegSenderParts } from './leg-sender.ts'

test.each([
  ['20 ms', [160]],
  ['30 ms', [160, 80]],
  ['10 ms', [80]],
  ['50 ms', [160, 160, 80]],
])('what packets of %s say lies without gap or overlap in the recording', (_name, pieces) => {
  const recorded: { readonly from: number; readonly to: number }[] = []
  const parts = {
    ear: { onSent() {} },
    recorder: {
      write: (_side: string, frame: Int16Array, atMs: number) => {
        recorded.push({ from: atMs, to: atMs + frame.length / 8 })
      },
    },
  }
  const sender = new LegSender(parts as unknown as LegSenderParts)
  let endMs = 1_000
  for (let packet = 0; packet < 4; packet += 1) {
    for (const length of pieces) {
      endMs += length / 8
      sender.onSpeech(new Int16Array(length), endMs, endMs, true)
    }
  }
  expect(recorded.slice(1).map(({ from }) => from)).toEqual(recorded.slice(0, -1).map(({ to }) => to))
  expect(recorded.at(-1)?.to).toBe(endMs + 20)
})
