import type { Expectation } from './expectation.ts'
export const completeness = (text: string, _l: string, _e: Expectation): number =>
  /\b(to|and|the|um)$/.test(text) ? 0.1 : 0.5
