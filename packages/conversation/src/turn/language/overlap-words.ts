import * as old from '../policy/backchannel.ts'
export const isBackchannel = (t: string, _l: string) => old.isBackchannel(t)
export const isIdleNoise = (t: string, _l: string) => old.isIdleNoise(t)
export const startsWithStopWord = (t: string, _l: string) => old.startsWithStopWord(t)
export const contentWords = (t: string, _l: string) => old.contentWords(t)
export const justAsked = (t: string, _l: string) => old.justAsked(t)
