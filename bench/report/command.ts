import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '../gates.ts'
import { measurementsPage } from './measurements-page.ts'
import { readResults } from './results-reader.ts'

export const reportUsage = `report
  writes docs/measurements.md and its pictures from bench/results/*.json`

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

/** @throws Error when results cannot be read or the page cannot be written */
export async function reportCommand(): Promise<number> {
  const { markdown, images } = measurementsPage(await readResults())
  // Pictures of results that are gone go too.
  await rm(`${docs}measurements`, { recursive: true, force: true })
  await mkdir(`${docs}measurements`, { recursive: true })
  await writeFile(`${docs}measurements.md`, markdown)
  for (const { name, svg } of images) await writeFile(`${docs}measurements/${name}.svg`, svg)
  process.stdout.write(`docs/measurements.md and ${images.length} pictures\n`)
  return exitCodes.pass
}
