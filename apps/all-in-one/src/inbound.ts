import {
  applicationId,
  type CallControl,
  type CallSpec,
  callId,
  endpointingWithin,
  type InviteHandler,
  type Logger,
  type Random,
  Secret,
} from '@parley/core'
import type { House } from './engine-settings.ts'

/** Serves calls to the trunk's numbers with the default assistant of the configuration; without one they are declined. */
export function inboundHandler(
  house: Pick<House, 'inbound' | 'turnTaking'>,
  control: () => Pick<CallControl, 'offer'>,
  random: Random,
  logger: Logger,
): InviteHandler {
  return async (invite, signal) => {
    const { inbound } = house
    if (!inbound) {
      logger.info('incoming call declined: no inbound assistant is configured', { trunk: invite.trunk })
      return { kind: 'reject', status: 480, reason: 'Temporarily Unavailable' }
    }
    const spec: CallSpec = {
      callId: callId(random.uuid()),
      applicationId: applicationId(inbound.sdkAppId),
      direction: 'inbound',
      caller: invite.caller,
      callee: invite.callee,
      trunk: invite.trunk,
      limits: {},
      assistant: defaultAssistant(inbound, house.turnTaking),
    }
    return control().offer(invite, spec, signal)
  }
}

function defaultAssistant(
  inbound: NonNullable<House['inbound']>,
  turnTaking: House['turnTaking'],
): CallSpec['assistant'] {
  const { llm } = inbound
  return {
    instructions: inbound.systemPrompt,
    model: {
      protocol: llm.type,
      baseUrl: llm.url,
      apiKey: new Secret(llm.apiKey),
      ...(llm.model ? { model: llm.model } : {}),
    },
    voice: inbound.voice ? { name: inbound.voice } : {},
    recognition: { languages: inbound.languages, hints: [inbound.welcomeMessage, ...inbound.hints].filter(Boolean) },
    greeting: inbound.welcomeMessage ? { kind: 'text', text: inbound.welcomeMessage } : { kind: 'generate' },
    greetingInterruptible: true,
    greetingDelayMs: 0,
    turn: {
      ...turnTaking,
      endpointing: endpointingWithin(turnTaking.endpointing, inbound.vadSilenceTime),
      silencePrompt: { afterMs: 10_000, text: 'Are you still there?', maxCount: 2 },
      userSilenceLimitMs: 60_000,
      filler: null,
      apology: 'Sorry, I am having technical trouble. Goodbye.',
    },
    tools: [
      {
        kind: 'endCall',
        name: 'call_end',
        description: 'End the call when the user has to leave or you are instructed to do so.',
      },
    ],
  }
}
