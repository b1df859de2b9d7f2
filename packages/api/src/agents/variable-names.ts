import type { StoredAgent } from '@parley/core'

/** Texts of an agent that are filled in. */
const filledFields = ['SystemPrompt', 'WelcomeMessage'] as const

/** Names of the placeholders in an agent's texts, each once, as they first occur. */
export function variableNames({ settings }: Pick<StoredAgent, 'settings'>): readonly string[] {
  const texts = filledFields.map((field) => settings[field]).filter((value) => typeof value === 'string')
  const names = texts.flatMap((text) => [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name = '']) => name.trim()))
  return [...new Set(names.filter((name) => name !== ''))]
}
