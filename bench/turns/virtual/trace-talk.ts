import type { TurnCommand, TurnEvent, TurnRules } from '@parley/conversation/turn'
import type { Scenario } from '../scenario/scenario.ts'
import type { Figures } from './figures.ts'
import { VirtualCall } from './virtual-call.ts'

/** One talk told event by event: what the reducer was told, what it commanded, and what the caller did and heard. */
export function traceTalk(scenario: Scenario, rules: TurnRules, figures: Figures, seed: number): string[] {
  const lines: { readonly atMs: number; readonly text: string }[] = []
  const call = new VirtualCall({
    scenario,
    rules,
    figures,
    seed,
    onStep: ({ event, commands }) => {
      const told = commands.filter(({ type }) => !type.startsWith('timer.')).map(describe)
      if (told.length === 0 && (event.type === 'playout.progress' || event.type === 'timer.fired')) return
      lines.push({ atMs: event.atMs, text: `${describe(event).padEnd(48)} ${told.join('; ')}` })
    },
  })
  const { acts, wire, problems } = call.run()
  for (const { kind, label, fromMs, toMs, text, detail } of acts)
    lines.push({ atMs: fromMs, text: `  caller ${kind} ${label ?? ''} "${text}" ${detail} until ${Math.round(toMs)}` })
  for (const { utterance, fromMs, toMs, isDucked } of wire)
    lines.push({ atMs: fromMs, text: `  wire ${utterance}${isDucked ? ' ducked' : ''} until ${Math.round(toMs)}` })
  const told = lines
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, text }) => `${atMs.toFixed(0).padStart(7)} ${text}`)
  return [...told, ...problems]
}

function describe(told: TurnCommand | TurnEvent): string {
  const named = ['generation', 'timer', 'kind', 'text', 'gainDb', 'state', 'key'] as const
  const details = named.flatMap((name) => (name in told ? String(told[name as keyof typeof told]) : []))
  return [told.type, ...details].join(' ')
}
