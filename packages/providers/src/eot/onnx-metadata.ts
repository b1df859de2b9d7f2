/** Fields of `ModelProto` and `StringStringEntryProto`. */
const metadataField = 14
const keyField = 1
const valueField = 2

/**
 * The custom metadata of an ONNX file, which the runtime's JavaScript interface does not give. Reads only the top level
 * of the file; what cannot be read is left out.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto `ModelProto.metadata_props`
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function onnxMetadata(file: Uint8Array): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [field, bytes] of delimitedFields(file)) {
    if (field !== metadataField) continue
    const entry = new Map(delimitedFields(bytes))
    found.set(textOf(entry.get(keyField)), textOf(entry.get(valueField)))
  }
  return found
}

const textOf = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

/** Length-delimited fields of one message, in order; others are skipped. Ends at the first thing that is none. */
function* delimitedFields(message: Uint8Array): Generator<[field: number, bytes: Uint8Array]> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; at < message.length && shift < 64; shift += 7) {
      const byte = message[at] as number
      at += 1
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
  while (at < message.length) {
    const tag = varint()
    const kind = tag % 8
    if (kind === 0) varint()
    else if (kind === 1) at += 8
    else if (kind === 5) at += 4
    else if (kind === 2) {
      const length = varint()
      const end = at + length
      if (!(end <= message.length)) return
      yield [(tag - kind) / 8, message.subarray(at, end)]
      at = end
    } else return
  }
}
