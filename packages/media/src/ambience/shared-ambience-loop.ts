import type { AmbienceSpec } from '@parley/core'
import { renderAmbience } from './ambience-loop.ts'

const loops = new Map<AmbienceSpec['scene'], Int16Array>()

/**
 * The loop of a scene in memory that media workers share, to be read only. Rendered on the calling thread when the first call
 * asks for it, so never on one that sends packets.
 */
export function sharedAmbienceLoop(scene: AmbienceSpec['scene']): Int16Array {
  const known = loops.get(scene)
  if (known) return known
  const rendered = renderAmbience(scene)
  const loop = new Int16Array(new SharedArrayBuffer(rendered.byteLength))
  loop.set(rendered)
  loops.set(scene, loop)
  return loop
}
