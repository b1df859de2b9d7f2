export type Expectation =
  | 'nothing'
  | 'yesNo'
  | 'choice'
  | 'digits'
  | 'spelling'
  | 'address'
  | 'email'
  | 'date'
  | 'name'
  | 'open'
export const expectationOf = (_w: string, _l: string): Expectation => 'nothing'
export const expectedLength = (_w: string, _l: string): number | undefined => undefined
export const collectedLength = (_t: string, _e: Expectation, _l: string): number => 0
