export interface ServerSentEvent {
  readonly id: string | undefined
  readonly data: string
}

/** Reads a stream of Server-Sent Events; comments are left out. @see https://html.spec.whatwg.org/#event-stream-interpretation */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  let text = ''
  let id: string | undefined
  let data: string[] = []
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const lines = text.split(/\r\n|\n|\r(?!$)/)
    text = lines.pop() ?? ''
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
      if (line === '') {
        if (data.length > 0) yield { id, data: data.join('\n') }
        data = []
        id = undefined
      } else if (name === 'data') data.push(value)
      else if (name === 'id') id = value
    }
  }
}
