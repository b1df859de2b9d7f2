import type { Action } from './action.ts'
import { controlAiConversation } from './control-ai-conversation.ts'
import { createAiCall } from './create-ai-call.ts'
import { describeAiLatency } from './describe-ai-latency.ts'
import { describeNumbers } from './describe-numbers.ts'
import { describeSessionDetail } from './describe-session-detail.ts'
import { describeTelCdr } from './describe-tel-cdr.ts'
import { describeTelRecordAsr } from './describe-tel-record-asr.ts'
import { describeTelSession } from './describe-tel-session.ts'
import { hangUpCall } from './hang-up-call.ts'
import { transferToManual } from './transfer-to-manual.ts'

/** By wire name. */
export const actions: ReadonlyMap<string, Action> = new Map(
  [
    createAiCall,
    controlAiConversation,
    hangUpCall,
    transferToManual,
    describeTelCdr,
    describeSessionDetail,
    describeTelSession,
    describeTelRecordAsr,
    describeAiLatency,
    describeNumbers,
  ].map((action) => [action.name, action]),
)
