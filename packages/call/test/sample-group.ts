import type { SkillGroup, TransferTarget } from '@parley/core'

const target = (callee: string): TransferTarget => ({
  trunk: 'carrier',
  callee,
  caller: '+1',
  uri: `sip:${callee}@carrier`,
})

/** Two people, called one after the other. */
export const sampleGroup: SkillGroup = {
  id: 7,
  name: 'sales',
  targets: [target('one'), target('two')],
  mode: 'bridge',
  ringMs: 20_000,
  summary: true,
  holdPrompt: 'Please wait.',
}
