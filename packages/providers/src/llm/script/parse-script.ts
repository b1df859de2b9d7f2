import { VoiceError } from '@parley/core'
import { parseDocument } from 'yaml'
import { phrasePattern } from './phrase-pattern.ts'
import { type ScriptDocument, type ScriptOutcome, type ScriptRule, scriptSchema } from './script-schema.ts'

interface CompiledRule {
  readonly patterns: readonly RegExp[]
  readonly outcome: ScriptOutcome
}

export interface CompiledStep {
  readonly ask: string | undefined
  readonly rules: readonly CompiledRule[]
  readonly otherwise: ScriptOutcome
}

/** A script that is known to be sound: each step that is gone to exists, each pattern is valid. */
export interface Script {
  readonly name: string
  readonly start: string
  readonly steps: ReadonlyMap<string, CompiledStep>
  readonly giveUp: (ScriptOutcome & { readonly after: number }) | undefined
}

/**
 * Reads a scripted assistant (see docs/script-assistant.md).
 * @throws VoiceError CONFIG_INVALID with all problems at once, one a line, each with its path.
 */
export function parseScript(yamlText: string): Script {
  const yaml = parseDocument(yamlText)
  if (yaml.errors.length > 0) fail(yaml.errors.map((error) => error.message.split('\n')[0] ?? 'not YAML'))
  const parsed = scriptSchema.safeParse(yaml.toJS({ maxAliasCount: 100 }))
  if (!parsed.success) {
    return fail(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'document'}: ${issue.message}`))
  }
  const problems: string[] = []
  const script = compile(parsed.data, problems)
  return problems.length > 0 ? fail(problems) : script
}

function fail(problems: readonly string[]): never {
  throw new VoiceError('CONFIG_INVALID', { detail: `script\n  ${problems.join('\n  ')}` })
}

function compile(document: ScriptDocument, problems: string[]): Script {
  const names = Object.keys(document.steps)
  const start = document.start ?? names[0] ?? ''
  const checkStep = (name: string | undefined, path: string) => {
    if (name !== undefined && !names.includes(name)) problems.push(`${path}: there is no step "${name}"`)
  }
  const compileRule = (rule: ScriptRule, path: string): CompiledRule => {
    checkOutcome(rule, path)
    const patterns: RegExp[] = []
    for (const [index, phrase] of rule.when.entries()) {
      try {
        patterns.push(phrasePattern(phrase, document.lists))
      } catch (error) {
        problems.push(`${path}.when.${index}: ${error instanceof Error ? error.message : 'not valid'}`)
      }
    }
    return { patterns, outcome: rule }
  }
  const checkOutcome = (outcome: ScriptOutcome, path: string) => {
    checkStep(outcome.goto, `${path}.goto`)
    if (outcome.end && outcome.call) problems.push(`${path}: end and call exclude each other`)
    const { say, goto, end, call } = outcome
    if (say === undefined && goto === undefined && !end && call === undefined) {
      problems.push(`${path}: one of say, goto, end, call is needed`)
    }
  }
  checkStep(document.start, 'start')
  const always = document.always.map((rule, index) => compileRule(rule, `always.${index}`))
  checkOutcome(document.otherwise, 'otherwise')
  if (document.giveUp) checkOutcome(document.giveUp, 'giveUp')
  const steps = new Map<string, CompiledStep>()
  for (const [name, step] of Object.entries(document.steps)) {
    const own = step.rules.map((rule, index) => compileRule(rule, `steps.${name}.rules.${index}`))
    if (step.otherwise) checkOutcome(step.otherwise, `steps.${name}.otherwise`)
    steps.set(name, { ask: step.ask, rules: [...own, ...always], otherwise: step.otherwise ?? document.otherwise })
  }
  return { name: document.name, start, steps, giveUp: document.giveUp }
}
