/** A second of a sine as a WAV file at 16 kHz. */
export function toneFile(hz: number): Buffer {
  const bytes = Buffer.alloc(44 + 32_000)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, 16_000],
    [28, 32_000],
    [40, 32_000],
  ] as const)
    bytes.writeUInt32LE(value, at)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    bytes.writeUInt16LE(value, at)
  bytes.write('data', 36)
  for (let i = 0; i < 16_000; i += 1) {
    bytes.writeInt16LE(Math.round(9_000 * Math.sin((2 * Math.PI * hz * i) / 16_000)), 44 + i * 2)
  }
  return bytes
}
