import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** A recording that stands for a text. */
export interface VoiceClip {
  /** What the recogniser will make of it. */
  readonly text: string
  readonly path: string
}

const manifestSchema = z.strictObject({
  package: z.string(),
  licence: z.string(),
  clips: z.array(
    z.strictObject({
      id: z.string(),
      path: z.string().startsWith('/'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** What is said in it. */
      text: z.string(),
      /** What the recogniser gives for it: a listening noise that sounds like it. */
      standsFor: z.string(),
      lang: z.string(),
      speaker: z.string(),
    }),
  ),
})

export interface HumanClips {
  readonly clips: readonly VoiceClip[]
  /** Why there are none, or fewer; empty: all are there. */
  readonly missing: readonly string[]
}

/** Single words of a person, from a package that is installed or not. A file that is another one is not used. */
export async function loadHumanClips(): Promise<HumanClips> {
  const text = await readFile(fileURLToPath(new URL('human-clips.json', import.meta.url)), 'utf8')
  const manifest = manifestSchema.parse(JSON.parse(text))
  const clips: VoiceClip[] = []
  const missing: string[] = []
  for (const { id, path, sha256, standsFor } of manifest.clips) {
    const file = await readFile(path).catch(() => undefined)
    const isIt = file && createHash('sha256').update(file).digest('hex') === sha256
    if (isIt) clips.push({ text: standsFor, path })
    else
      missing.push(
        `${id}: ${file ? 'another file' : `not there; it comes with the Debian package ${manifest.package}`}`,
      )
  }
  return { clips, missing }
}
