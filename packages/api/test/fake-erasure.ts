import type { CallErasure } from '@parley/core'

const none = { count: 0, calls: [] }

/** Keeps everything for ever, and has nothing to erase. */
export const fakeErasure = (): CallErasure => ({
  rules: async () => ({}),
  due: async () => ({ recordings: none, transcripts: none, journal: none, records: none }),
  erase: async () => 'erased',
  erasePhone: async () => ({ erased: 0, inProgress: 0 }),
})
