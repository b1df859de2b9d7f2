import type { CampaignCommand, CampaignState } from '@parley/core'

/** States in which a command is allowed. */
const commandStates: Readonly<Record<CampaignCommand, readonly CampaignState[]>> = {
  pause: ['initial', 'running'],
  resume: ['paused'],
  stop: ['initial', 'running', 'paused'],
}

/** What decides the state besides the command. Instants are Unix ms. */
export interface CampaignFacts {
  readonly notBeforeMs: number
  readonly nowMs: number
  /** Calls that were begun and are not over. */
  readonly liveCalls: number
}

/** The state after a command; undefined: it is not allowed in this one. */
export function afterCommand(
  state: CampaignState,
  command: CampaignCommand,
  { notBeforeMs, nowMs, liveCalls }: CampaignFacts,
): CampaignState | undefined {
  if (!commandStates[command].includes(state)) return undefined
  switch (command) {
    case 'pause':
      return 'paused'
    case 'resume':
      return nowMs < notBeforeMs ? 'initial' : 'running'
    case 'stop':
      return closing(liveCalls)
    default:
      return command satisfies never
  }
}

/** The state of a campaign that makes no further calls. */
export const closing = (liveCalls: number): 'ending' | 'ended' => (liveCalls > 0 ? 'ending' : 'ended')
