import type { UserSide } from '../user-side.ts'

/** A sign of a voice that nothing confirms is forgotten after this time: the signs of a lasting sound come faster. Taste. */
const signHoldMs = 120
/** Detectors are sure of nearly every voice within this time of its first sign: longer no answer waits. */
const mostDoubtMs = 240

export function signsUntilMs({ suspectedAtMs }: UserSide): number {
  return suspectedAtMs === null ? Number.NEGATIVE_INFINITY : suspectedAtMs + signHoldMs
}

/** A user who may just be going on is not answered before this instant. */
export function doubtUntilMs(user: UserSide): number {
  return Math.min(signsUntilMs(user), user.suspectedFromMs + mostDoubtMs)
}

/** Something sounds like the beginning of a voice. */
export function suspected(user: UserSide, nowMs: number): UserSide {
  const suspectedFromMs = nowMs < signsUntilMs(user) ? user.suspectedFromMs : nowMs
  return { ...user, suspectedAtMs: nowMs, suspectedFromMs }
}

/** When the voice began that was found at `onsetAtMs`: a detector dates words that begin with an s by their vowel. */
export function firstSignMs(user: UserSide, onsetAtMs: number, withinMs: number): number {
  const { suspectedAtMs, suspectedFromMs } = user
  const isItsSign = suspectedAtMs !== null && onsetAtMs - suspectedAtMs <= withinMs
  return isItsSign ? Math.min(onsetAtMs, suspectedFromMs) : onsetAtMs
}
