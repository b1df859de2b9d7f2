import { type AssistantSpec, applicationId, type CallSpec, callId, silentLogger } from '@parley/core'
import { ToneSynthesizer, VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { CallHostOptions } from './call-host-options.ts'
import { NextAgents } from './next-agents.ts'

const call = { callId: callId('c'), applicationId: applicationId(1) } as CallSpec
const naming = (...ids: readonly number[]) =>
  ({
    tools: ids.map((agentId) => ({ kind: 'transferToAgent', name: `to_${agentId}`, description: '', agentId })),
  }) as unknown as AssistantSpec
const desk = {
  greeting: { kind: 'text', text: 'Repair desk. What is broken?' },
  recognition: { languages: ['en'], hints: [] },
} as unknown as AssistantSpec

function house(agents: NonNullable<CallHostOptions['agents']>) {
  const looked: number[] = []
  const prepared: string[] = []
  const synthesizer = Object.assign(new ToneSynthesizer({ clock: new VirtualClock() }), {
    prepare: (texts: readonly string[]) => void prepared.push(...texts),
  })
  const providers = { recognizer: () => ({}), chatModel: () => ({}), synthesizer: () => synthesizer }
  const host = {
    providers,
    agents: async (spec: CallSpec, agentId: number) => {
      looked.push(agentId)
      return agents(spec, agentId)
    },
  } as unknown as CallHostOptions
  return { next: new NextAgents({ spec: call, host, logger: silentLogger }), looked, prepared }
}

test('agents that may be needed are looked up once, ahead, and their first words are spoken ahead', async () => {
  const { next, looked, prepared } = house(async () => desk)
  next.prepareFor(naming(9))
  expect(await next.find(9)).toBe(desk)
  expect(looked).toEqual([9])
  expect(prepared).toEqual(['Repair desk.', 'What is broken?'])
})

test('an agent that is gone, or cannot be used, is none', async () => {
  const { next } = house(async (_, agentId) => {
    if (agentId === 8) throw new Error('names a group that is gone')
    return undefined
  })
  next.prepareFor(naming(8))
  expect(await next.find(8)).toBeUndefined()
  expect(await next.find(9)).toBeUndefined()
})
