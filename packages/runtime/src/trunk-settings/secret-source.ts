import { Secret } from '@parley/core'
import { z } from 'zod'

/** Where secrets that the file only names are found. */
export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The text of a file. @throws when it cannot be read */
  readonly readText: (path: string) => string
}

/** For files whose secrets all stand in the file itself. */
export const noSources: SecretSources = {
  environment: {},
  readText: () => {
    throw new Error('files are not read here')
  },
}

/**
 * A credential: the text itself, `{ env: NAME }`, or `{ file: path }` (a mounted secret; the line end at its end is not
 * part of it).
 */
export function secretFrom(sources: SecretSources): z.ZodType<Secret> {
  return z
    .union([z.string(), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
      error: 'must be a text, { env: NAME } or { file: path }',
    })
    .transform((given, context) => {
      const problem = (message: string) => {
        context.addIssue({ code: 'custom', message })
        return z.NEVER
      }
      if (typeof given === 'string') return new Secret(given)
      if ('env' in given) {
        const value = sources.environment[given.env]
        return value ? new Secret(value) : problem(`environment variable ${given.env} is not set`)
      }
      try {
        const text = sources.readText(given.file).replace(/\r?\n$/, '')
        return text === '' ? problem(`${given.file} is empty`) : new Secret(text)
      } catch {
        return problem(`${given.file} cannot be read`)
      }
    })
}
