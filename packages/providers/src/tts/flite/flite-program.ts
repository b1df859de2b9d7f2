/** Errors of `wasi_snapshot_preview1` that are used here. */
const badDescriptor = 8
const success = 0
/** Descriptors: 0-2 as everywhere, 3 the one directory, 4 the file that is written. */
const standardOutput = 1
const directory = 3
const outputFile = 4
const openEverything = 0xffff_ffff_ffff_ffffn

/** Thrown through the program when it exits. */
class ProgramExit extends Error {}

/**
 * One run of the Flite command-line program, compiled to WASI. Instantiating costs about 7 ms and can be done ahead;
 * an instance cannot run twice. It sees an empty directory, a clock that stands still, and no environment.
 *
 * @see WASI preview 1, functions of `wasi_snapshot_preview1`
 */
export class FliteProgram {
  private readonly memory: WebAssembly.Memory
  private readonly start: () => void
  private args: readonly Uint8Array[] = []
  private file = new Uint8Array(0)
  private fileLength = 0
  private position = 0
  private printed = ''

  constructor(module: WebAssembly.Module) {
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: this.imports() })
    // The module's interface is fixed by its exact version.
    this.memory = instance.exports.memory as WebAssembly.Memory
    this.start = instance.exports._start as () => void
  }

  /** `wave`: the file that it wrote. `printed`: its phones and their ends. @throws Error when it fails. */
  run(voice: string, text: string): { readonly wave: Uint8Array; readonly printed: string } {
    const encoder = new TextEncoder()
    const args = ['flite', '-voice', voice, '-psdur', '-t', text, '-o', 'o.wav']
    this.args = args.map((arg) => encoder.encode(`${arg}\0`))
    try {
      this.start()
    } catch (error) {
      if (!(error instanceof ProgramExit)) throw error
    }
    return { wave: this.file.subarray(0, this.fileLength), printed: this.printed }
  }

  private view(): DataView {
    return new DataView(this.memory.buffer)
  }

  private bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer)
  }

  private imports(): Record<string, (...args: never[]) => number> {
    return {
      args_sizes_get: (countAt: number, bytesAt: number) => {
        this.view().setUint32(countAt, this.args.length, true)
        this.view().setUint32(
          bytesAt,
          this.args.reduce((sum, arg) => sum + arg.length, 0),
          true,
        )
        return success
      },
      args_get: (pointersAt: number, textAt: number) => this.writeArgs(pointersAt, textAt),
      clock_time_get: (_clock: number, _precision: bigint, resultAt: number) => {
        this.view().setBigUint64(resultAt, 0n, true)
        return success
      },
      fd_close: () => success,
      fd_fdstat_get: (descriptor: number, at: number) => {
        this.view().setUint8(at, descriptor === directory ? 3 : 4)
        this.view().setUint16(at + 2, 0, true)
        this.view().setBigUint64(at + 8, openEverything, true)
        this.view().setBigUint64(at + 16, openEverything, true)
        return success
      },
      fd_fdstat_set_flags: () => success,
      fd_prestat_get: (descriptor: number, at: number) => {
        if (descriptor !== directory) return badDescriptor
        this.view().setUint8(at, 0)
        this.view().setUint32(at + 4, 1, true)
        return success
      },
      fd_prestat_dir_name: (_descriptor: number, at: number) => {
        this.view().setUint8(at, '/'.charCodeAt(0))
        return success
      },
      fd_read: () => badDescriptor,
      fd_seek: (_descriptor: number, offset: bigint, whence: number, resultAt: number) => {
        const from = whence === 0 ? 0 : whence === 1 ? this.position : this.fileLength
        this.position = from + Number(offset)
        this.view().setBigUint64(resultAt, BigInt(this.position), true)
        return success
      },
      fd_write: (descriptor: number, vectorsAt: number, count: number, writtenAt: number) =>
        this.write(descriptor, vectorsAt, count, writtenAt),
      path_open: (...args: number[]) => {
        this.view().setUint32(args[8] ?? 0, outputFile, true)
        return success
      },
      proc_exit: () => {
        throw new ProgramExit()
      },
    }
  }

  private writeArgs(pointersAt: number, textAt: number): number {
    let at = textAt
    for (const [index, arg] of this.args.entries()) {
      this.view().setUint32(pointersAt + 4 * index, at, true)
      this.bytes().set(arg, at)
      at += arg.length
    }
    return success
  }

  private write(descriptor: number, vectorsAt: number, count: number, writtenAt: number): number {
    const view = this.view()
    let total = 0
    for (let index = 0; index < count; index += 1) {
      const at = view.getUint32(vectorsAt + 8 * index, true)
      const length = view.getUint32(vectorsAt + 8 * index + 4, true)
      const piece = this.bytes().subarray(at, at + length)
      if (descriptor === outputFile) this.append(piece)
      if (descriptor === standardOutput) this.printed += new TextDecoder().decode(piece)
      total += length
    }
    view.setUint32(writtenAt, total, true)
    return success
  }

  private append(piece: Uint8Array): void {
    const end = this.position + piece.length
    if (end > this.file.length) {
      const larger = new Uint8Array(Math.max(2 * this.file.length, end, 65_536))
      larger.set(this.file.subarray(0, this.fileLength))
      this.file = larger
    }
    this.file.set(piece, this.position)
    this.position = end
    this.fileLength = Math.max(this.fileLength, end)
  }
}
