/** Recognised text of a piece of the open turn; media times. */
export interface Segment {
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
  readonly final: boolean
}

/** What is known of the user in the open turn. Instants are ms on the monotonic clock. */
export interface UserSide {
  readonly voiced: boolean
  /** Of the present or last voiced stretch. */
  readonly onsetAtMs: number
  readonly onsetMediaMs: number
  /** Onset of the speech this stretch belongs to: detectors part it at the gaps between words. */
  readonly speechOnsetAtMs: number
  readonly lastVoiceAtMs: number
  /** Signs of a voice that the detector has not confirmed: the last one, and the first of its row. Null: none. */
  readonly suspectedAtMs: number | null
  readonly suspectedFromMs: number
  /** The same before the stretches that have not been recognised: counts again when they turn out to be noise. */
  readonly wordsVoiceAtMs: number
  /** First onset of the open turn. Null: no turn is open. */
  readonly openedAtMs: number | null
  readonly openedMediaMs: number
  readonly segments: readonly Segment[]
  /** Voiced stretches of the open turn that have not had their final. */
  readonly pendingFinals: number
  /** The turn was given up while its final was missing: it may still come. */
  readonly finalOwed: boolean
  /** Something was recognised, if only silence, since the last onset: the text may be complete. */
  readonly current: boolean
  /** Media time of the end of the last stretch, and up to which something was recognised. */
  readonly stoppedMediaMs: number
  readonly recognisedToMs: number
  /** The turn was opened while the assistant spoke and has not taken the floor. */
  readonly overlapping: boolean
  /** The turn silenced the assistant. */
  readonly tookFloor: boolean
  readonly attempts: number
  /** Speculations lost to voice that went on: the next one waits longer. */
  readonly resumptions: number
  readonly discarded: number
  /** A committed reply was replaced because a late final differed, or was empty. Once a turn. */
  readonly regenerated: boolean
  readonly fillerSaid: boolean
  readonly speculatedAtMs: number | null
  readonly finalAtMs: number | null
  /** How complete the words read, 0..1. */
  readonly completeness: number
  /** What the recogniser thinks of the present pause. */
  readonly hint: 'none' | 'eager' | 'confirmed'
  /** What the end-of-turn model thinks of it, and when it is asked next. */
  readonly endScore: number | null
  readonly scoreDueAtMs: number | null
  /** When the words last changed: a partial that stands still is stable. */
  readonly changedAtMs: number
}

export const silentUser: UserSide = {
  voiced: false,
  onsetAtMs: 0,
  onsetMediaMs: 0,
  speechOnsetAtMs: 0,
  lastVoiceAtMs: 0,
  suspectedAtMs: null,
  suspectedFromMs: 0,
  wordsVoiceAtMs: 0,
  openedAtMs: null,
  openedMediaMs: 0,
  segments: [],
  pendingFinals: 0,
  finalOwed: false,
  current: false,
  stoppedMediaMs: 0,
  recognisedToMs: 0,
  overlapping: false,
  tookFloor: false,
  attempts: 0,
  resumptions: 0,
  discarded: 0,
  regenerated: false,
  fillerSaid: false,
  speculatedAtMs: null,
  finalAtMs: null,
  completeness: 0.5,
  hint: 'none',
  endScore: null,
  scoreDueAtMs: null,
  changedAtMs: 0,
}
