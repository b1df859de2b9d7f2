import { firstMadeAgentId } from '@parley/core'
import { wallAtStartMs } from '../../../../packages/api/test/api-house.ts'
import type { Tenant } from './seed-tenant.ts'

/** The victim has it, the intruder has one agent less. */
export const foreignAgent = firstMadeAgentId + 1

/** Tasks are counted within their application: the second is the victim's alone, the third is nobody's. */
export const victimTasks: readonly { readonly TaskId: number }[] = [{ TaskId: 2 }, { TaskId: 3 }]

export const nowS = wallAtStartMs / 1_000
/** A call that nobody has. */
export const unknownSession = '00000000-0000-4000-8000-000000000000'

/** The victim's calls, as its ids can be written, and one of nobody. */
export const callsOf = ({ endedCall, liveCall }: Tenant): readonly string[] => [
  endedCall,
  liveCall,
  liveCall.toUpperCase(),
  unknownSession,
]

/** Fields of an assistant that hands its callers over to these people. */
export const transferTo = (TransferSkillGroupId: number) => ({
  TransferFunctionEnable: true,
  TransferItems: [{ TransferFunctionName: 'f', TransferFunctionDesc: 'd', TransferSkillGroupId }],
})

/** To another assistant. */
export const handOverTo = (TransferToAgentId: number) => ({
  TransferToAgentEnable: true,
  TransferToAgentItems: [{ TransferToAgentName: 'f', TransferToAgentDesc: 'd', TransferToAgentId }],
})
