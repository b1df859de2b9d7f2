/** Wire format of protocol buffers, as far as an ONNX file needs it. */
type Field = readonly [number: number, value: number | string | Uint8Array | readonly Field[]]

function encode(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(8 * number), varint(value)]
      const bytes =
        typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : encode(value as Field[])
      return [varint(8 * number + 2), varint(bytes.length), bytes]
    }),
  )
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(bytes)
}

const float32 = 1
const int64 = 7

function value(name: string, dims: readonly (number | string)[]): Field[] {
  const shape = dims.map((dim): Field => [1, [typeof dim === 'number' ? [1, dim] : [2, dim]]])
  return [
    [1, name],
    [
      2,
      [
        [
          1,
          [
            [1, float32],
            [2, shape],
          ],
        ],
      ],
    ],
  ]
}

function floatConstant(name: string, number: number): Field[] {
  return [
    [2, float32],
    [9, new Uint8Array(Float32Array.of(number).buffer)],
    [8, name],
  ]
}

function intConstant(name: string, number: number): Field[] {
  return [
    [1, 1],
    [2, int64],
    [9, new Uint8Array(BigInt64Array.of(BigInt(number)).buffer)],
    [8, name],
  ]
}

function node(operator: string, inputs: readonly string[], output: string, attributes: readonly Field[] = []): Field[] {
  return [
    ...inputs.map((input): Field => [1, input]),
    [2, output],
    [4, operator],
    ...attributes.map(([, attribute]): Field => [5, attribute]),
  ]
}

/** `ReduceMean` over the samples; one number for each row is left. */
const overSamples: readonly Field[] = [
  [
    5,
    [
      [1, 'axes'],
      [8, 1],
      [20, 7],
    ],
  ],
  [
    5,
    [
      [1, 'keepdims'],
      [3, 0],
      [20, 2],
    ],
  ],
]

export interface PauseModelOptions {
  readonly inputName?: string
  readonly outputName?: string
  readonly length?: number | string
  /** Metadata `sample_rate`. */
  readonly sampleRate?: string
  /** Samples at the end that count as the pause. */
  readonly pauseSamples?: number
  /** Leaves out the sigmoid, so that the output is no probability. */
  readonly unbounded?: boolean
}

/**
 * An ONNX file with the contract of an end-of-turn model: a logistic function of the mean energy of the last samples.
 * Silence gives 0.98, speech almost 0.
 */
export function pauseModelFile(options: PauseModelOptions = {}): Buffer {
  const { inputName = 'audio', outputName = 'probability', length = 64_000, pauseSamples = 2_400 } = options
  const nodes = [
    node('Slice', [inputName, 'from', 'to', 'axis'], 'pause'),
    node('Mul', ['pause', 'pause'], 'squares'),
    node('ReduceMean', ['squares'], 'energy', overSamples),
    node('Mul', ['energy', 'slope'], 'weighed'),
    node('Add', ['weighed', 'bias'], options.unbounded ? outputName : 'logit'),
    ...(options.unbounded ? [] : [node('Sigmoid', ['logit'], outputName)]),
  ]
  const constants = [
    intConstant('from', -pauseSamples),
    intConstant('to', 2 ** 31),
    intConstant('axis', 1),
    floatConstant('slope', -40_000),
    floatConstant('bias', 4),
  ]
  return encode([
    [1, 8],
    [
      7,
      [
        ...nodes.map((each): Field => [1, each]),
        [2, 'pause'],
        ...constants.map((each): Field => [5, each]),
        [11, value(inputName, [1, length])],
        [12, value(outputName, [1])],
      ],
    ],
    [
      8,
      [
        [1, ''],
        [2, 13],
      ],
    ],
    ...(options.sampleRate === undefined
      ? []
      : [
          [
            14,
            [
              [1, 'sample_rate'],
              [2, options.sampleRate],
            ],
          ] as Field,
        ]),
  ])
}
