import type { ManagedNumber, ManagedTrunk } from '@parley/core'
import { z } from 'zod'
import type { TrunkHealth } from './trunk-management.ts'

export const trunkSchema = z.object({
  id: z.int().describe('SipTrunkId of the actions'),
  name: z.string().describe('As calls name it: the application and the name it was given, or that of parley.yaml'),
  sdkAppId: z.int().optional().describe('Absent: the trunk is shared, and nothing more is told of it'),
  declared: z.boolean().describe('It stands in parley.yaml, which alone changes it'),
  enabled: z.boolean(),
  settings: z.looseObject({}).optional().describe('As in parley.yaml, without passwords and texts of headers'),
})

/** Settings are shown to the owner alone. */
export const trunkJson = ({ trunkId, name, applicationId, isDeclared, isEnabled, settings }: ManagedTrunk) => ({
  id: trunkId,
  name,
  ...(applicationId !== undefined && { sdkAppId: applicationId }),
  declared: isDeclared,
  enabled: isEnabled,
  ...(applicationId !== undefined && { settings }),
})

export const trunkStatusSchema = z.object({
  id: z.int(),
  enabled: z.boolean(),
  callsNow: z.int().describe('Of the applications of the key'),
  up: z.boolean().describe('A gateway would be tried, as far as the asked engine knows'),
  registered: z.boolean().optional().describe('Absent: the trunk does not register'),
  lastFailure: z.string().optional(),
  gateways: z
    .array(
      z.object({
        transport: z.string(),
        host: z.string(),
        port: z.int(),
        up: z.boolean(),
        answers: z.int(),
        failures: z.int(),
        lastFailure: z.string().optional(),
      }),
    )
    .optional(),
})

/** Of a shared trunk only whether it works: counts and failures would tell of the calls of others. */
export function trunkStatusJson({ trunkId, isEnabled, callsNow, applicationId }: ManagedTrunk, health: TrunkHealth) {
  const { registration, gateways } = health
  const common = {
    id: trunkId,
    enabled: isEnabled,
    callsNow,
    up: gateways.length === 0 || gateways.some(({ isUp }) => isUp),
    ...(registration && { registered: registration.isRegistered }),
  }
  if (applicationId === undefined) return common
  const lastFailure =
    registration?.lastFailure ?? gateways.findLast((one) => one.lastFailure !== undefined)?.lastFailure
  return {
    ...common,
    ...(lastFailure !== undefined && { lastFailure }),
    gateways: gateways.map(({ isUp, ...gateway }) => ({ ...gateway, up: isUp })),
  }
}

const limits = {
  maxConcurrent: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe('Calls at a time; absent: as many as the trunk may have'),
  maxCps: z.number().min(0.01).max(10_000).optional().describe('Calls started per second'),
}

/** What can be said of a number. */
export const numberSettingsSchema = z.strictObject({
  ...limits,
  inbound: z.boolean().default(true).describe('Calls to it are taken'),
  outbound: z.boolean().default(true).describe('It may be shown as caller'),
  assistant: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Entry of `assistants` in parley.yaml, of the same application, that takes its calls'),
})

export const numberSchema = z.object({
  id: z.int(),
  number: z.string(),
  trunkId: z.int(),
  trunk: z.string(),
  sdkAppId: z.int(),
  declared: z.boolean(),
  enabled: z.boolean().describe('false: this application neither dials with it nor takes its calls'),
  callsNow: z.int(),
  skillGroupIds: z.array(z.int()),
  callInServer: z
    .string()
    .optional()
    .describe('Origin of the server that is asked who takes its calls; the rest of its address is not shown'),
  ...limits,
  inbound: z.boolean(),
  outbound: z.boolean(),
  assistant: z.string().optional(),
})

export const numberJson = ({
  numberId,
  isDeclared,
  isEnabled,
  applicationId,
  version: _,
  settings,
  ...more
}: ManagedNumber) => ({
  id: numberId,
  ...more,
  sdkAppId: applicationId,
  declared: isDeclared,
  enabled: isEnabled,
  ...settings,
})

/** The settings without members that are undefined. */
export function numberSettings(body: z.output<typeof numberSettingsSchema>): ManagedNumber['settings'] {
  const { inbound, outbound, maxConcurrent, maxCps, assistant } = body
  return {
    inbound,
    outbound,
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    ...(maxCps === undefined ? {} : { maxCps }),
    ...(assistant === undefined ? {} : { assistant }),
  }
}
