import { fileURLToPath } from 'node:url'
import { startCommand } from '@parley/testkit'

const mainFile = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Runs the command as users do, without a configuration file unless `environment` names one. */
export const start = (args: readonly string[], environment: Readonly<Record<string, string>>, input = '') =>
  startCommand(mainFile, args, { environment: { HOME: '/nonexistent', ...environment }, input })

export const run = (args: readonly string[], environment: Readonly<Record<string, string>>, input?: string) =>
  start(args, environment, input).ended
