import { readFile } from 'node:fs/promises'
import type { NetworkName } from '../relay/network-profile.ts'

/** In `budgets.json`, for a goal that is not reached, or not in every run: the limit until then, and why. */
export interface TurnsBudget {
  readonly name: string
  readonly limit: number
  readonly why: string
}

/**
 * Limits of the virtual or the live layer; they may only move towards the goals. `network`: those of real
 * calls through it come before those of real calls.
 */
export async function readTurnsBudgets(
  layer: 'virtual' | 'live',
  network?: NetworkName,
): Promise<readonly TurnsBudget[]> {
  const text = await readFile(new URL('../budgets.json', import.meta.url), 'utf8')
  const { turns } = JSON.parse(text) as { readonly turns: Readonly<Record<string, readonly TurnsBudget[]>> }
  return [...((network && turns[`${layer}-${network}`]) ?? []), ...(turns[layer] ?? [])]
}
