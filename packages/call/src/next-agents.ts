import { warmTalk } from '@parley/conversation'
import type { AssistantSpec, CallSpec, Logger } from '@parley/core'
import type { CallHostOptions } from './call-host-options.ts'
import { talkProviders } from './talk-providers.ts'

/** So many are made ready ahead; recognition of each may build a language model. Taste. */
const maxWarm = 4

export interface NextAgentsOptions {
  readonly spec: CallSpec
  readonly host: Pick<CallHostOptions, 'providers' | 'agents'>
  readonly logger: Logger
}

/**
 * The agents that the assistant of the moment may hand the caller to, looked up and made ready while it talks, so that there
 * is no gap when it does.
 */
export class NextAgents {
  private readonly options: NextAgentsOptions
  private found = new Map<number, Promise<AssistantSpec | undefined>>()

  constructor(options: NextAgentsOptions) {
    this.options = options
  }

  /** `assistant` begins to talk: those it names are looked up, the former ones forgotten. */
  prepareFor(assistant: AssistantSpec): void {
    const ids = assistant.tools.flatMap((tool) => (tool.kind === 'transferToAgent' ? [tool.agentId] : []))
    this.found = new Map(ids.map((id) => [id, this.lookUp(id)]))
    for (const agent of [...this.found.values()].slice(0, maxWarm)) void agent.then((spec) => spec && this.warm(spec))
  }

  /** Undefined: there is no such agent (any more), or it cannot be used as it is. Never rejects. */
  async find(agentId: number): Promise<AssistantSpec | undefined> {
    return this.found.get(agentId) ?? this.lookUp(agentId)
  }

  private async lookUp(agentId: number): Promise<AssistantSpec | undefined> {
    const { spec, host, logger } = this.options
    try {
      const found = await host.agents?.(spec, agentId)
      if (!found) logger.warn('there is no such agent to hand the caller to', { agentId })
      return found
    } catch (error) {
      logger.warn('the agent to hand the caller to cannot be used', { agentId, error })
      return undefined
    }
  }

  private warm(spec: AssistantSpec): void {
    const { host, logger } = this.options
    const onFailure = (error: unknown) => logger.debug('prewarm failed', { error: String(error) })
    try {
      warmTalk(spec, talkProviders(host.providers, spec), onFailure)
    } catch (error) {
      onFailure(error)
    }
  }
}
