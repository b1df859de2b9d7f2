import type { ChatMessage } from '@parley/core'
import type { CompiledStep, Script } from './parse-script.ts'
import { comparable } from './phrase-pattern.ts'
import type { ScriptOutcome } from './script-schema.ts'

export interface ScriptedReply {
  readonly text: string
  readonly tool: { readonly kind: 'end' } | { readonly kind: 'named'; readonly name: string } | undefined
}

interface Progress {
  step: string
  missesInARow: number
  /** How often each outcome has been used, to go through its variants. */
  readonly used: Map<ScriptOutcome, number>
  readonly heard: Record<string, string>
}

/**
 * What the scripted assistant says next. Deterministic and without memory: all user messages are replayed from the start,
 * so any server with the same script gives the same answer to the same history.
 */
export function runScript(script: Script, messages: readonly ChatMessage[]): ScriptedReply {
  const progress: Progress = { step: script.start, missesInARow: 0, used: new Map(), heard: {} }
  let reply: ScriptedReply | undefined
  for (const message of messages) if (message.role === 'user') reply = answer(script, progress, message.text)
  const speaksFirst = messages.findLast((message) => message.role !== 'system')?.role !== 'user'
  if (reply && !speaksFirst) return reply
  return { text: filled(stepOf(script, progress).ask ?? '', progress), tool: undefined }
}

function answer(script: Script, progress: Progress, userText: string): ScriptedReply {
  const text = comparable(userText)
  const step = stepOf(script, progress)
  for (const { patterns, outcome } of step.rules) {
    for (const pattern of patterns) {
      const match = pattern.exec(text)
      if (!match) continue
      progress.missesInARow = 0
      for (const [name, value] of Object.entries(match.groups ?? {})) if (value) progress.heard[name] = value
      return perform(script, progress, outcome, false)
    }
  }
  progress.missesInARow += 1
  const { giveUp } = script
  if (giveUp && progress.missesInARow >= giveUp.after) {
    progress.missesInARow = 0
    return perform(script, progress, giveUp, false)
  }
  return perform(script, progress, step.otherwise, step.otherwise.goto === undefined)
}

function perform(script: Script, progress: Progress, outcome: ScriptOutcome, askAgain: boolean): ScriptedReply {
  const times = progress.used.get(outcome) ?? 0
  progress.used.set(outcome, times + 1)
  const said = outcome.say ? (outcome.say[times % outcome.say.length] ?? '') : ''
  if (outcome.goto !== undefined) progress.step = outcome.goto
  const ends = outcome.end === true || outcome.call !== undefined
  const asked = (outcome.goto !== undefined || askAgain) && !ends ? stepOf(script, progress).ask : undefined
  return {
    text: filled([said, asked].filter(Boolean).join(' '), progress),
    tool: outcome.end ? { kind: 'end' } : outcome.call ? { kind: 'named', name: outcome.call } : undefined,
  }
}

function stepOf(script: Script, progress: Progress): CompiledStep {
  const step = script.steps.get(progress.step)
  if (!step) throw new Error(`the script has no step ${progress.step}`)
  return step
}

/** Placeholders of what has not been heard stay as they are. */
function filled(text: string, progress: Progress): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(progress.heard, name) ? (progress.heard[name] ?? whole) : whole,
  )
}
