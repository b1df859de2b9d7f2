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
import { refusalOf } from '@parley/sip'
import type { House } from './engine-settings.ts'
import { isNumberFor } from './number-owners.ts'

/**
 * Serves a call with the assistant of its number, else with the default one if the number is for its application; without
 * either it is declined.
 */
export function inboundHandler(
  house: Pick<House, 'inbound' | 'assistants' | 'trunks' | 'turnTaking'>,
  control: () => Pick<CallControl, 'offer'>,
  random: Random,
  logger: Logger,
): InviteHandler {
  return async (invite, signal) => {
    const trunk = house.trunks.find(({ name }) => name === invite.trunk)
    const called = trunk?.numbers.find(({ number }) => number === invite.callee)
    const named = called?.assistant === undefined ? house.inbound : house.assistants?.[called.assistant]
    // The default assistant takes no calls of another application.
    const assistant = named && isNumberFor(trunk ?? {}, called ?? {}, named.sdkAppId) ? named : undefined
    if (!assistant) {
      logger.info('incoming call declined: nobody is configured to take it', { trunk: invite.trunk })
      return { kind: 'reject', status: refusalOf(trunk ?? {}, 'noAssistant').status, reason: '' }
    }
    const spec: CallSpec = {
      callId: callId(random.uuid()),
      applicationId: applicationId(assistant.sdkAppId),
      direction: 'inbound',
      caller: invite.caller,
      callee: invite.callee,
      trunk: invite.trunk,
      limits: {},
      assistant: assistantSpec(filled(assistant, invite.variables ?? {}), house.turnTaking),
    }
    return control().offer(invite, spec, signal)
  }
}

/** The texts of an assistant with `{{name}}` replaced. Unknown placeholders stay; values are not searched again. */
function filled(
  assistant: NonNullable<House['inbound']>,
  variables: Readonly<Record<string, string>>,
): NonNullable<House['inbound']> {
  const fill = (text: string) =>
    text.replace(/\{\{([^{}]{1,64})\}\}/g, (found, name: string) =>
      Object.hasOwn(variables, name) ? (variables[name] ?? '') : found,
    )
  return { ...assistant, systemPrompt: fill(assistant.systemPrompt), welcomeMessage: fill(assistant.welcomeMessage) }
}

function assistantSpec(inbound: NonNullable<House['inbound']>, turnTaking: House['turnTaking']): CallSpec['assistant'] {
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
      ...inbound.transfers.map(({ function: name, description, skillGroup: skillGroupId }) => ({
        kind: 'transferToGroup' as const,
        name,
        description,
        skillGroupId,
      })),
    ],
  }
}
