import { actionRows } from './action-rows.ts'
import type { SdkRun } from './run-actions.ts'
import { transports } from './sdk-client.ts'

/** A line an action, a column an SDK: by how many transports it was done, and refused for another application. */
export function sdkTable(runs: ReadonlyMap<string, SdkRun>, sdks: readonly string[]): string {
  const cell = (sdk: string, action: string) => {
    const own = [...runs].flatMap(([name, run]) => (name.startsWith(`${sdk} `) ? [run] : []))
    const done = own.filter(({ answers }) => 'response' in (answers.get(action) ?? {})).length
    const refused = own.filter(({ refusals }) => 'error' in (refusals.get(action) ?? {})).length
    return `${done}/${refused}`
  }
  const lines = actionRows.map(({ action }) => [action, ...sdks.map((sdk) => cell(sdk, action))])
  const head = [`done/refused of ${transports.length}`, ...sdks]
  return [head, ...lines]
    .map(([first = '', ...rest]) => first.padEnd(36) + rest.map((text) => text.padEnd(8)).join(''))
    .join('\n')
}
