import { settings } from './env.ts'

/** The text of `docs/settings.md`. */
export function settingsReference(): string {
  const rows = Object.entries(settings).map(
    ([name, { fallback, text }]) => `| \`${name}\` | ${fallback ? `\`${fallback}\`` : ''} | ${text} |`,
  )
  return `# Settings

Generated from \`packages/runtime/src/env.ts\`; do not edit by hand. A start with a wrong setting ends at once and names
every problem. Trunks, applications and speech providers are set in [parley.yaml](configuration.md).

| variable | default | meaning |
| --- | --- | --- |
${rows.join('\n')}
`
}
