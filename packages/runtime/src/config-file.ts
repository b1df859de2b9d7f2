import { roles } from '@parley/core'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { agentSettings, checkAgentNumbers, checkAgents } from './agent-settings.ts'
import { assistantSettings } from './assistant-settings.ts'
import { calendarSettings, checkDialSettings, doNotCallSettings, outboundRuleSettings } from './dial-settings.ts'
import { privacySettings } from './privacy-settings.ts'
import { applicationRecordings, recordingSettings } from './recording-settings.ts'
import { retentionSettings } from './retention-settings.ts'
import { checkSkillGroups, skillGroupSettings } from './skill-group-settings.ts'
import { speechSettings } from './speech-settings.ts'
import { checkTenants } from './tenant-settings.ts'
import { noSources, type SecretSources } from './trunk-settings/secret-source.ts'
import { trunkSettings } from './trunk-settings/trunk-settings.ts'
import { turnTakingSettings } from './turn-taking-settings.ts'
import { webhookSettings } from './webhook-settings.ts'

const application = z.strictObject({
  sdkAppId: z.int().positive(),
  name: z.string().max(100).default(''),
  keys: z
    .array(
      z.strictObject({
        secretId: z.string().min(1),
        secretKey: z.string().min(1),
        role: z.enum(roles, `must be one of ${roles.join(', ')}`).default('admin'),
      }),
    )
    .min(1, 'must have at least one entry'),
  recordings: applicationRecordings.prefault({}),
  retention: retentionSettings.prefault({}),
  privacy: privacySettings.prefault({}),
})

const fileSchema = (sources: SecretSources) =>
  z
    .strictObject({
      applications: z.array(application).min(1, 'must have at least one entry'),
      trunks: z.array(trunkSettings(sources)).min(1, 'must have at least one entry'),
      inbound: assistantSettings.exactOptional(),
      assistants: z.record(z.string().min(1), assistantSettings).default({}),
      skillGroups: skillGroupSettings.default([]),
      /** Said to answering machines, where a call looks for them. Without it they are hung up. */
      answeringMachine: z.strictObject({ message: z.string().min(1).max(1_000) }).exactOptional(),
      llm: z.strictObject({ hedge: z.boolean('must be true or false').default(false) }).prefault({}),
      speech: speechSettings.prefault({}),
      turnTaking: turnTakingSettings.prefault({}),
      webhooks: webhookSettings(sources).default([]),
      calendar: calendarSettings,
      doNotCall: doNotCallSettings,
      outboundRules: outboundRuleSettings,
      recordings: recordingSettings.prefault({}),
      retention: retentionSettings.prefault({}),
      privacy: privacySettings.prefault({}),
      agents: agentSettings(sources).default([]),
    })
    .superRefine((file, context) => {
      const report = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
      const { applications, trunks, inbound, assistants } = file
      for (const problem of repeated(applications.map((item) => item.sdkAppId))) {
        report(['applications'], `sdkAppId ${problem}`)
      }
      for (const problem of repeated(trunks.map((item) => item.name))) report(['trunks'], `name ${problem}`)
      for (const problem of repeated(file.webhooks.map((item) => item.name))) report(['webhooks'], `name ${problem}`)
      for (const problem of repeated(applications.flatMap((item) => item.keys.map((key) => key.secretId)))) {
        report(['applications'], `keys.secretId ${problem}`)
      }
      checkTenants(file, report)
      checkSkillGroups(file.skillGroups, trunks, (path, message) => report([...path], message))
      checkAgents(file.agents, applications, report)
      checkAgentNumbers(trunks, applications, report)
      const isTenant = (id: number) => applications.some(({ sdkAppId }) => sdkAppId === id)
      checkDialSettings(file, isTenant, report)
      for (const [index, { sdkAppId }] of file.webhooks.entries()) {
        if (!isTenant(sdkAppId)) report(['webhooks', index, 'sdkAppId'], 'must be one of applications')
      }
      if (inbound && !isTenant(inbound.sdkAppId)) report(['inbound', 'sdkAppId'], 'must be one of applications')
      const checkTransfers = (path: (string | number)[], transfers: readonly { readonly skillGroup: number }[]) => {
        for (const [index, { skillGroup }] of transfers.entries()) {
          if (file.skillGroups.some(({ id }) => id === skillGroup)) continue
          report([...path, 'transfers', index, 'skillGroup'], 'must be the id of one of skillGroups')
        }
      }
      if (inbound) checkTransfers(['inbound'], inbound.transfers)
      for (const [name, { sdkAppId, transfers }] of Object.entries(assistants)) {
        if (!isTenant(sdkAppId)) report(['assistants', name, 'sdkAppId'], 'must be one of applications')
        checkTransfers(['assistants', name], transfers)
      }
      for (const [at, { numbers }] of trunks.entries()) {
        for (const [index, { assistant }] of numbers.entries()) {
          if (assistant === undefined || Object.hasOwn(assistants, assistant)) continue
          report(['trunks', at, 'numbers', index, 'assistant'], 'must be one of assistants')
        }
      }
    })

/** `parley.yaml` with its defaults filled in. */
export type ConfigFile = z.output<ReturnType<typeof fileSchema>>

function repeated(values: readonly unknown[]): string[] {
  const twice = values.filter((value, index) => values.indexOf(value) !== index)
  return twice.length > 0 ? [`${twice.join(', ')} is given twice`] : []
}

/**
 * Reads `parley.yaml`: the file, or every problem in it, each naming its key. Secrets that it only names are taken from
 * `sources`.
 */
export function parseConfigFile(
  text: string,
  sources: SecretSources = noSources,
): { readonly file?: ConfigFile; readonly problems: readonly string[] } {
  const document = parseDocument(text, { prettyErrors: true })
  if (document.errors.length > 0)
    return { problems: document.errors.map((error) => `not valid YAML: ${error.message.split('\n')[0]}`) }
  const result = fileSchema(sources).safeParse(document.toJS() ?? {})
  if (result.success) return { file: result.data, problems: [] }
  return { problems: result.error.issues.map((issue) => `${keyOf(issue.path)}: ${issue.message}`) }
}

/** `trunks[0].gateways[1].port` */
function keyOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(file)'
  return path.reduce<string>(
    (key, part) => (typeof part === 'number' ? `${key}[${part}]` : key ? `${key}.${String(part)}` : String(part)),
    '',
  )
}
