/** A stereo 8 kHz 16-bit WAV file whose header claims `declaredBytes` of samples. */
export function wavFile(options: {
  readonly seconds: number
  readonly declaredBytes: number
  readonly extraBytes?: number
}): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + options.declaredBytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(2, 22)
  header.writeUInt32LE(8_000, 24)
  header.writeUInt32LE(32_000, 28)
  header.writeUInt16LE(4, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(options.declaredBytes, 40)
  return Buffer.concat([header, Buffer.alloc(options.seconds * 32_000 + (options.extraBytes ?? 0), 1)])
}
