import { expect, test } from 'vitest'
import { type ServerSentEvent, serverSentEvents } from './server-sent-events.ts'

const text = ': hello\n\nid: a:1\nevent: x\ndata: {"ä":1}\n\ndata: one\ndata:two\r\n\r\ndata: cut off\n'
const bytes = new TextEncoder().encode(text)

test.each([1, 2, 3, 7, bytes.length])('events are read whole from pieces of %d bytes', async (size) => {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const events: ServerSentEvent[] = []
  for await (const event of serverSentEvents(pieces())) events.push(event)
  expect(events).toEqual([
    { id: 'a:1', data: '{"ä":1}' },
    { id: undefined, data: 'one\ntwo' },
  ])
})
