/** A model as the operator names it. */
export interface EndOfTurnFile {
  /** Path of the ONNX file. */
  readonly model: string
  /** Its rate when its metadata do not tell. */
  readonly sampleRateHz?: 8000 | 16_000
}

/** What a model wants to hear. */
export interface EndOfTurnFormat {
  readonly sampleRateHz: 8000 | 16_000
  /** Length of its input. */
  readonly samples: number
}

/** A tensor as the runtime describes it; symbolic dimensions are strings. */
export interface TensorShape {
  readonly name: string
  readonly isTensor: boolean
  readonly type?: string
  readonly shape?: readonly (number | string)[]
}

/** Seconds of audio for a model that does not fix its length. */
const defaultSeconds = 8
const longestSeconds = 30

/** Reads a model's contract. @throws Error with what is wrong, for the operator who named the file */
export function endOfTurnFormat(
  inputs: readonly TensorShape[],
  outputs: readonly TensorShape[],
  metadata: ReadonlyMap<string, string>,
  named: EndOfTurnFile['sampleRateHz'],
): EndOfTurnFormat {
  const own = metadata.get('sample_rate')
  const rate = own ?? String(named ?? 8000)
  if (named !== undefined && rate !== String(named))
    throw new Error(`its sample_rate is ${rate}, speech.endOfTurn.sampleRateHz ${named}`)
  if (rate !== '8000' && rate !== '16000') throw new Error(`its sample_rate is ${rate}; 8000 and 16000 are served`)
  const sampleRateHz = rate === '8000' ? 8000 : 16_000
  const [audio, ...others] = inputs
  if (audio?.name !== 'audio' || others.length > 0) {
    throw new Error(`its inputs are ${namesOf(inputs)}; the only one must be audio`)
  }
  const shape = audio.shape ?? []
  const length = shape[1] ?? 'N'
  if (audio.type !== 'float32' || shape.length !== 2 || (typeof shape[0] === 'number' && shape[0] !== 1)) {
    throw new Error(`its input audio is ${audio.type ?? 'no tensor'} [${shape.join(', ')}]; it must be float32 [1, N]`)
  }
  if (!outputs.some((output) => output.name === 'probability' && output.type === 'float32')) {
    throw new Error(`its outputs are ${namesOf(outputs)}; one must be probability, float32`)
  }
  const samples = typeof length === 'number' && length > 0 ? length : defaultSeconds * sampleRateHz
  if (samples > longestSeconds * sampleRateHz) throw new Error(`it wants ${samples / sampleRateHz} s of audio`)
  return { sampleRateHz, samples }
}

const namesOf = (tensors: readonly TensorShape[]) => tensors.map((tensor) => tensor.name).join(', ') || 'none'
