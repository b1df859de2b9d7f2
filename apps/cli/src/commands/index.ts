import type { Command } from '../command.ts'
import { call } from './call.ts'
import { calls } from './calls.ts'
import { cdr } from './cdr.ts'
import { hangup, say } from './control.ts'
import { doctor } from './doctor.ts'
import { keys } from './keys.ts'
import { recording } from './recording.ts'
import { tail } from './tail.ts'
import { sip, transcript } from './transcript.ts'
import { trunks } from './trunks.ts'
import { webhooks } from './webhooks.ts'

/** All of them, as help lists them. */
export const commands: readonly Command[] = [
  ...[call, calls, cdr, tail, say, hangup, transcript, recording, sip, trunks, keys, webhooks, doctor],
]
