import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { onnxMetadata } from '../src/eot/onnx-metadata.ts'
import { openOnnxEndOfTurn } from '../src/index.ts'
import { type PauseModelOptions, pauseModelFile } from './onnx-file.ts'
import { realClock } from './real-clock.ts'

function fileWith(bytes: Buffer): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-eot-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'model.onnx')
  writeFileSync(path, bytes)
  return path
}

/** Time stands still, so that a busy machine is not late. */
async function open(options: PauseModelOptions = {}, clock = new VirtualClock()) {
  const model = await openOnnxEndOfTurn({ model: fileWith(pauseModelFile(options)) }, clock)
  onTestFinished(() => model[Symbol.asyncDispose]())
  return model
}

/** A tone at -23 dBFS of `toneMs`, then silence. */
function toneThenSilence(toneMs: number, silenceMs: number): Int16Array {
  const audio = new Int16Array(8 * (toneMs + silenceMs))
  for (let at = 0; at < 8 * toneMs; at += 1) audio[at] = 3_277 * Math.sin((2 * Math.PI * 440 * at) / 8_000)
  return audio
}

const noAbort = () => new AbortController().signal
const silence = () => new Int16Array(64_000)

test.each([
  ['its own length at 8 kHz', {}],
  ['no fixed length', { length: 'samples' }],
  ['16 kHz', { length: 128_000, sampleRate: '16000', pauseSamples: 4_800 }],
] as const)('a model with %s hears a pause that is long enough, and one that is not', async (_name, options) => {
  const model = (await open(options)).forCall()
  expect(await model.score(toneThenSilence(2_000, 400), noAbort())).toBeGreaterThan(0.9)
  expect(await model.score(toneThenSilence(2_000, 100), noAbort())).toBeLessThan(0.01)
  expect(await model.score(toneThenSilence(9_000, 200), noAbort())).toBeLessThan(0.01)
})

test('a model without metadata is given the rate that the settings name, and never another than it names itself', async () => {
  const options = { length: 128_000, pauseSamples: 4_800 }
  const plain = { model: fileWith(pauseModelFile(options)), sampleRateHz: 16_000 } as const
  await using model = await openOnnxEndOfTurn(plain, new VirtualClock())
  expect(await model.forCall().score(toneThenSilence(2_000, 400), noAbort())).toBeGreaterThan(0.9)
  expect(await model.forCall().score(toneThenSilence(2_000, 200), noAbort())).toBeLessThan(0.01)
  const other = { ...plain, model: fileWith(pauseModelFile({ ...options, sampleRate: '8000' })) }
  await expect(openOnnxEndOfTurn(other, new VirtualClock())).rejects.toThrow(
    'its sample_rate is 8000, speech.endOfTurn.sampleRateHz 16000',
  )
})

test('audio shorter than the model wants is at the end of its input, silence before it', async () => {
  const model = (await open({ pauseSamples: 64_000 })).forCall()
  const short = await model.score(toneThenSilence(100, 0), noAbort())
  const long = await model.score(toneThenSilence(8_000, 0), noAbort())
  expect(short).toBeGreaterThan(long)
  expect(short).toBeLessThan(await model.score(silence(), noAbort()))
})

test.each([
  ['another input', { inputName: 'features' }, 'its inputs are features; the only one must be audio'],
  ['another output', { outputName: 'score' }, 'its outputs are score; one must be probability, float32'],
  ['another rate', { sampleRate: '44100' }, 'its sample_rate is 44100; 8000 and 16000 are served'],
  ['too much to hear', { length: 300_000 }, 'it wants 37.5 s of audio'],
  ['no probability', { unbounded: true }, 'its output probability is not one number from 0 to 1'],
] as const)('a model with %s is a problem of the configuration', async (_name, options, reason) => {
  const path = fileWith(pauseModelFile(options))
  await expect(openOnnxEndOfTurn({ model: path }, realClock)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `the configuration is not valid: speech.endOfTurn.model: ${path} cannot be used: ${reason}`,
  })
})

test('a file that is no model, and one that is not there, are problems of the configuration', async () => {
  const path = fileWith(Buffer.from('not a model'))
  await expect(openOnnxEndOfTurn({ model: path }, realClock)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`speech.endOfTurn.model: ${path} cannot be used: `),
  })
  await expect(openOnnxEndOfTurn({ model: '/nowhere/model.onnx' }, realClock)).rejects.toThrow(
    'speech.endOfTurn.model: /nowhere/model.onnx cannot be read (ENOENT)',
  )
})

test('an answer that does not come within 80 ms is given up, and the next question is answered', async () => {
  const clock = new VirtualClock()
  const model = await open({}, clock)
  // The thread runs in real time beside the virtual clock: the last of many cannot be answered before it strikes.
  const questions = Array.from({ length: 500 }, () => model.forCall().score(silence(), noAbort()))
  const settled = Promise.allSettled(questions)
  await clock.advance(80)
  expect((await settled).at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'EOT_TIMEOUT' } })
  expect(await model.forCall().score(silence(), noAbort())).toBeGreaterThan(0.9)
  expect(clock.pendingTimers).toBe(0)
})

test('a new question of a call takes the place of its last one; those of other calls are answered', async () => {
  const model = await open()
  const [mine, others] = [model.forCall(), model.forCall()]
  const answers = [
    others.score(silence(), noAbort()),
    mine.score(silence(), noAbort()),
    mine.score(toneThenSilence(500, 0), noAbort()),
  ]
  const [first, second, third] = await Promise.allSettled(answers)
  expect(first).toMatchObject({ status: 'fulfilled' })
  expect(second).toMatchObject({ reason: { code: 'EOT_TIMEOUT' } })
  expect(third).toMatchObject({ status: 'fulfilled', value: expect.closeTo(0, 5) })
})

test('an abort ends the question with its reason', async () => {
  const model = (await open()).forCall()
  const abort = new AbortController()
  const reason = new Error('hung up')
  const asked = model.score(silence(), abort.signal)
  abort.abort(reason)
  await expect(asked).rejects.toBe(reason)
})

test('the audio is borrowed: what the caller does to it after the answer, or has in it, is its own', async () => {
  const model = (await open()).forCall()
  const audio = silence()
  await model.score(audio, noAbort())
  expect(audio.length).toBe(64_000)
})

test('disposing while a question is under way ends it with SHUTDOWN and does no harm', async () => {
  const model = await open()
  const asked = model.forCall().score(silence(), noAbort())
  const refused = expect(asked).rejects.toMatchObject({ code: 'SHUTDOWN' })
  await model[Symbol.asyncDispose]()
  await refused
  await expect(model.forCall().score(silence(), noAbort())).rejects.toMatchObject({ code: 'SHUTDOWN' })
})

test('metadata of a file that is cut short or is none are what can be read of it', () => {
  const file = pauseModelFile({ sampleRate: '16000' })
  expect(onnxMetadata(file)).toEqual(new Map([['sample_rate', '16000']]))
  for (let length = 0; length < file.length; length += 1) {
    expect([...onnxMetadata(file.subarray(0, length)).keys()]).toEqual([])
  }
})
