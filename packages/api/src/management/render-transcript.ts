import type { TranscriptLine } from '@parley/core'

/** @see https://www.w3.org/TR/webvtt1/ */
export function vttTranscript(lines: readonly TranscriptLine[]): string {
  const cues = lines.map(({ role, text, fromMs, toMs }, index) => {
    // A cue needs a span.
    const untilMs = Math.max(toMs, fromMs + 1)
    return `${index + 1}\n${timestamp(fromMs)} --> ${timestamp(untilMs)}\n<v ${role}>${escaped(text)}\n`
  })
  return ['WEBVTT\n', ...cues].join('\n')
}

/** One line for each utterance: `[00:04] user: yes, please`. */
export function plainTranscript(lines: readonly TranscriptLine[]): string {
  return lines.map(({ role, text, fromMs }) => `[${minutes(fromMs)}] ${role}: ${oneLine(text)}\n`).join('')
}

/** An empty line would end the cue, `-->` would begin one. */
const escaped = (text: string): string =>
  oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

function timestamp(ms: number): string {
  const whole = Math.max(0, Math.round(ms))
  const hours = String(Math.floor(whole / 3_600_000)).padStart(2, '0')
  return `${hours}:${minutes(whole % 3_600_000)}.${String(whole % 1_000).padStart(3, '0')}`
}

function minutes(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000)
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
