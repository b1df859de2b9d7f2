import type { ChatMessage, Generation } from '@parley/core'
import { joinText } from '../turn/words.ts'

interface Entry {
  readonly role: 'user' | 'assistant'
  readonly generation?: Generation
  text: string
}

/**
 * What both sides have heard. An utterance of the assistant is entered when it becomes audible and grows with what is
 * played; one that nobody heard leaves no trace.
 */
export class History {
  private readonly entries: Entry[]

  constructor(messages: readonly ChatMessage[] = []) {
    this.entries = messages.flatMap(({ role, text }) => (role === 'system' ? [] : [{ role, text }]))
  }

  addUser(text: string): void {
    this.entries.push({ role: 'user', text })
  }

  /** Begins or updates what was heard of `generation`. */
  setHeard(generation: Generation, text: string): void {
    const entry = this.entries.find((candidate) => candidate.generation === generation)
    if (entry) entry.text = text
    else if (text !== '') this.entries.push({ role: 'assistant', generation, text })
  }

  get messages(): readonly ChatMessage[] {
    return this.entries.filter((entry) => entry.text !== '').map(({ role, text }) => ({ role, text }))
  }

  /** The prompt for a reply to `userText`; undefined: the assistant opens the talk. Roles alternate. */
  render(instructions: string, userText: string | undefined): readonly ChatMessage[] {
    const prompt: ChatMessage[] = instructions === '' ? [] : [{ role: 'system', text: instructions }]
    const spoken =
      userText === undefined ? this.messages : [...this.messages, { role: 'user' as const, text: userText }]
    for (const message of spoken) {
      const last = prompt.at(-1)
      if (last?.role === message.role)
        prompt[prompt.length - 1] = { ...message, text: joinText(last.text, message.text) }
      else prompt.push(message)
    }
    return prompt
  }
}
