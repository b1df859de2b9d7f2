import type { ToolSpec } from '@parley/core'

/** Names under which prompts ask for the end of the call, whatever the declared name is. */
const endCallNames = new Set(['end_call', 'call_end'])

/** The declared tool a model's call means. */
export function findTool(tools: readonly ToolSpec[], name: string): ToolSpec | undefined {
  const exact = tools.find((tool) => tool.name === name)
  return exact ?? (endCallNames.has(name) ? tools.find((tool) => tool.kind === 'endCall') : undefined)
}
