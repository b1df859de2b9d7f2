import { join } from 'node:path'
import { type ClipPart, type CutClip, cutClip } from './cut-clip.ts'

export const clipTypes = ['long', 'yes-no', 'digits', 'question', 'pause'] as const
export type ClipType = (typeof clipTypes)[number]

/**
 * How much shorter than the hold the pause within a sentence is: it is found, but does not end the turn. Voice that goes on
 * less than 180 ms before the end of the hold was noticed too late in 19 of 20 turns (measured with 150).
 */
const belowHoldMs = 250
const shortestPauseMs = 100

/** What is said in each kind of turn. Within them nothing but the pause is as long as the shortest hold. */
function partsOf(type: ClipType, holdMs: number): readonly ClipPart[] {
  switch (type) {
    case 'yes-no':
      return [{ text: 'yes' }]
    case 'digits':
      return [{ clip: 'cards-004.wav' }]
    case 'question':
      return [{ text: 'can you hear me' }]
    case 'long':
      return [{ clip: 'asterisk8k-en-cannot-complete-as-dialed.wav' }]
    case 'pause':
      return [
        { clip: 'cards-003.wav' },
        { pauseMs: Math.max(shortestPauseMs, holdMs - belowHoldMs) },
        { clip: 'cards-001.wav' },
      ]
    default:
      return type satisfies never
  }
}

/** Makes the clips of all kinds for calls with this `VadSilenceTime`. */
export async function cutClips(holdMs: number, directory: string): Promise<ReadonlyMap<ClipType, CutClip>> {
  const cut = clipTypes.map(
    async (type) => [type, await cutClip(partsOf(type, holdMs), join(directory, `${type}-${holdMs}.wav`))] as const,
  )
  return new Map(await Promise.all(cut))
}

/** The kind of the turn with that number, from 1. */
export const clipTypeOf = (turn: number): ClipType => clipTypes[(turn - 1) % clipTypes.length] as ClipType
