import type { ChatMessage, Generation } from '@parley/core'
import { joinText } from '../turn/words.ts'

interface Entry {
  readonly role: ChatMessage['role']
  readonly generation?: Generation
  text: string
}

/**
 * What both sides have heard. An utterance of the assistant is entered when it becomes audible and grows with what is
 * played; one that nobody heard leaves no trace.
 */
export class History {
  private readonly entries: Entry[]

  /** `note`: a message of the system, at its place between what was said before it and after it. */
  constructor(messages: readonly ChatMessage[] = [], note?: string) {
    this.entries = messages.flatMap(({ role, text }) => (role === 'system' ? [] : [{ role, text }]))
    if (note !== undefined) this.entries.push({ role: 'system', text: note })
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
