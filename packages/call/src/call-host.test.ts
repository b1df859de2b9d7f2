import { applicationId, type CallSpec, callId, silentLogger, VoiceError } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { CallHost } from './call-host.ts'
import type { CallHostOptions } from './call-host-options.ts'

const spec = {
  callId: callId('3f1f0f9e-6c0e-4f43-9a53-000000000001'),
  applicationId: applicationId(1),
  direction: 'outbound',
  caller: '+861',
  callee: '+862',
  trunk: 'carrier',
  limits: {},
  assistant: {},
} as CallSpec

/** A host whose media cannot be opened. */
function hostWithout(error: VoiceError): CallHost {
  return new CallHost({
    media: { open: () => Promise.reject(error), [Symbol.asyncDispose]: async () => {} },
    recordings: { pathFor: () => '/dev/null', stat: async () => undefined },
    clock: new VirtualClock(),
    random: new SeededRandom(1),
    logger: silentLogger,
    advertisedHost: '127.0.0.1',
    mediaOf: () => ({ codecs: ['PCMA'] }),
    maxCalls: 10,
    skillGroups: [],
  } as unknown as CallHostOptions)
}

test('without a free port the host has no room, which lets the call wait for one', async () => {
  const host = hostWithout(new VoiceError('MEDIA_NO_PORT'))
  await expect(host.place(spec, 0)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  expect(host.liveCalls).toBe(0)
})

test('any other failure of media is passed on', async () => {
  const host = hostWithout(new VoiceError('MEDIA_WORKER_LOST'))
  await expect(host.place(spec, 0)).rejects.toMatchObject({ code: 'MEDIA_WORKER_LOST' })
})
