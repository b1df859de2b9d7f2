import { readdir, readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { expandVariants, type Variant } from './expand-variants.ts'
import { type Act, type Scenario, scenarioSets } from './scenario.ts'
import { stepSchema } from './timeline-schema.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** A file: `set`, what it is about, and scenarios; each may be multiplied by `vary`. */
const fileSchema = z.strictObject({
  set: z.enum(scenarioSets),
  about: z.string().min(1),
  scenarios: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/, 'lower case words joined by -'),
        vary: z.record(z.string(), z.array(z.union([scalar, z.record(z.string(), scalar)])).min(1)).default({}),
        body: z.record(z.string(), z.unknown()),
      }),
    )
    .min(1),
})

const bodySchema = z.strictObject({
  language: z.enum(['en', 'zh']).default('en'),
  greeting: z.string().default(''),
  greetingDelayMs: z.int().nonnegative().default(0),
  greetingInterruptible: z.boolean().default(true),
  tags: z.record(z.string(), scalar.transform(String)).default({}),
  timeline: z.array(stepSchema).min(1),
  outcome: z.enum(['answered', 'yields', 'continues', 'quiet']),
})

/**
 * Reads a scenario file. @throws Error that names `source` and lists every problem with its path
 */
export function parseScenarios(yaml: string, source: string): Scenario[] {
  const file = fileSchema.safeParse(parseYaml(yaml))
  if (!file.success) throw problems(source, file.error)
  const { set, scenarios } = file.data
  return scenarios.flatMap(({ id, vary, body }) =>
    expandVariants(body, vary).map(({ values, body: filled }, index) => {
      const name = Object.keys(vary).length === 0 ? id : `${id}-${index + 1}`
      const parsed = bodySchema.safeParse(filled)
      if (!parsed.success) throw problems(`${source}: ${name}`, parsed.error)
      const { timeline, tags, ...rest } = parsed.data
      return { id: name, set, ...rest, tags: { ...scalarsOf(values), ...tags }, acts: timeline.map(holdBeforePause) }
    }),
  )
}

/** Lines that no policy is made with: they tell whether a gain on the others is one. */
export const heldOutFolder: URL = new URL('../held-out/', import.meta.url)

/** All scenario files of the folder, in the order of their names. @throws Error as `parseScenarios` does */
export async function loadScenarios(folder = new URL('../scenarios/', import.meta.url)): Promise<Scenario[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  const files = await Promise.all(
    names.map(async (name) => parseScenarios(await readFile(new URL(name, folder), 'utf8'), name)),
  )
  const scenarios = files.flat()
  const ids = new Set<string>()
  for (const { id } of scenarios) {
    if (ids.has(id)) throw new Error(`two scenarios are called ${id}`)
    ids.add(id)
  }
  return scenarios
}

/** Words before a pause are not the end of a turn, whether it says so or not. */
function holdBeforePause(act: Act, index: number, acts: readonly Act[]): Act {
  return act.kind === 'say' && acts[index + 1]?.kind === 'pause' ? { ...act, label: 'hold' } : act
}

function scalarsOf(values: Readonly<Record<string, Variant>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'object' ? [] : [[name, String(value)]])),
  )
}

function problems(source: string, error: z.core.$ZodError): Error {
  const lines = error.issues.map((issue) => `  ${issue.path.map(String).join('.') || 'file'}: ${issue.message}`)
  return new Error(`${source} has ${lines.length} problem(s)\n${lines.join('\n')}`)
}
