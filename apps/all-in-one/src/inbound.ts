import type { CallHostOptions } from '@parley/call'
import {
  applicationId,
  type CallControl,
  type CallSpec,
  callId,
  endpointingWithin,
  type IncomingInvite,
  type InviteHandler,
  type Logger,
  type Random,
  Secret,
} from '@parley/core'
import { refusalOf } from '@parley/sip'
import type { CallInDesk } from './call-in-desk.ts'
import type { House } from './engine-settings.ts'
import { extensionOwner } from './live-extensions.ts'
import type { LiveTrunk, LiveTrunks } from './live-trunks.ts'
import { isNumberFor } from './number-owners.ts'

type Agents = NonNullable<CallHostOptions['agents']>
type Called = House['trunks'][number]['numbers'][number]
type Call = Omit<CallSpec, 'applicationId' | 'assistant'>
type Variables = Readonly<Record<string, string>>

/** Whose call it is, who takes it, and how long it may last. */
type Taker = Pick<CallSpec, 'applicationId' | 'assistant'>

/**
 * Serves a call with whom the server of its number names, else with the agent or the assistant of its number, else with the
 * default assistant, if the number is for its application and was not switched off by it; without any it is declined. A telephone
 * of an application reaches the numbers of that alone. `agents`: stored ones; a number whose agent is not there has nobody.
 */
export function inboundHandler(
  house: Pick<House, 'inbound' | 'assistants' | 'turnTaking'>,
  trunks: Pick<LiveTrunks, 'current' | 'find' | 'isOff' | 'askedAbout'>,
  control: () => Pick<CallControl, 'offer'>,
  random: Random,
  logger: Logger,
  agents: Agents = async () => undefined,
  desk: CallInDesk = async () => undefined,
): InviteHandler {
  const decline = (trunk: Partial<LiveTrunk>, status = refusalOf(trunk, 'noAssistant').status) =>
    ({ kind: 'reject', status, reason: '' }) as const
  const taker = (call: Call, agent: NonNullable<Called['agent']>, variables: Variables) =>
    agentTaker(call, agent, variables, agents).catch((error: unknown) => {
      logger.warn('the agent of a number cannot be used', { trunk: call.trunk, error })
      return undefined
    })
  return async (invite, signal) => {
    const { caller, trunk: trunkName } = invite
    const owner = extensionOwner(trunkName)
    const { trunk, called } = owner === undefined ? ofTrunk(trunks, invite) : ofApplication(trunks, invite, owner)
    const callee = called?.number ?? invite.callee
    const call = {
      callId: callId(random.uuid()),
      direction: 'inbound',
      caller,
      callee,
      trunk: trunkName,
      limits: {},
    } as const
    const isOff = (application: number) => trunks.isOff(application, trunk?.name ?? trunkName, callee)
    const nobody = () => {
      logger.info('incoming call declined: nobody is configured to take it', { trunk: trunkName })
      return decline(trunk ?? {})
    }
    // A telephone that dials nobody's number must not get the default assistant.
    if (owner !== undefined && !called) return nobody()
    const variables = invite.variables ?? {}
    const asked = trunk && trunks.askedAbout(trunk.name, callee)
    const isAsked = asked && (owner === undefined || asked.applicationId === owner) && !isOff(asked.applicationId)
    const answer = isAsked ? await desk(asked, call, signal) : undefined
    if (answer?.kind === 'reject') return decline({}, answer.status)
    const named = asked && answer && { sdkAppId: asked.applicationId, id: answer.agentId }
    const agent = named ?? called?.agent
    const found = agent
      ? await taker(call, agent, { ...variables, ...answer?.variables })
      : assistantTaker(house, trunk ?? {}, called, variables)
    const isForeign = owner !== undefined && found?.applicationId !== owner
    if (!found || isForeign || isOff(found.applicationId)) return nobody()
    return control().offer(invite, { ...call, ...found }, signal)
  }
}

type Trunks = Pick<LiveTrunks, 'current' | 'find'>
interface Found {
  readonly trunk?: LiveTrunk | undefined
  readonly called?: Called | undefined
}

function ofTrunk(trunks: Trunks, { trunk: name, callee }: IncomingInvite): Found {
  const trunk = trunks.find(name)
  return { trunk, called: trunk?.numbers.find(({ number }) => number === callee) }
}

/** A telephone of an application calls the numbers of that, whatever trunk they are on. `+` and `00` may be left out. */
function ofApplication(trunks: Trunks, { callee }: IncomingInvite, owner: number): Found {
  const digits = callee.replace(/^(\+|00)/, '')
  for (const trunk of trunks.current) {
    const called = trunk.numbers.find(
      (number) => number.number.replace(/^(\+|00)/, '') === digits && isNumberFor(trunk, number, owner),
    )
    if (called) return { trunk, called }
  }
  return {}
}

/** Headers that the trunk hands on are the variables of the call. */
async function agentTaker(
  call: Call,
  { sdkAppId, id }: NonNullable<Called['agent']>,
  variables: Variables,
  agents: Agents,
): Promise<Taker | undefined> {
  const owner = applicationId(sdkAppId)
  const assistant = await agents({ ...call, applicationId: owner, variables }, id)
  return assistant && { applicationId: owner, assistant }
}

function assistantTaker(
  house: Pick<House, 'inbound' | 'assistants' | 'turnTaking'>,
  trunk: Partial<House['trunks'][number]>,
  called: Called | undefined,
  variables: Variables,
): Taker | undefined {
  const { inbound, assistants = {} } = house
  const name = called?.assistant
  const named = name === undefined ? inbound : Object.hasOwn(assistants, name) ? assistants[name] : undefined
  // The default assistant takes no calls of another application.
  if (!named || !isNumberFor(trunk, called ?? {}, named.sdkAppId)) return undefined
  return {
    applicationId: applicationId(named.sdkAppId),
    assistant: assistantSpec(filled(named, variables), house.turnTaking),
  }
}

/** The texts of an assistant with `{{name}}` replaced. Unknown placeholders stay; values are not searched again. */
function filled(assistant: NonNullable<House['inbound']>, variables: Variables): NonNullable<House['inbound']> {
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
    complianceTone: false,
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
