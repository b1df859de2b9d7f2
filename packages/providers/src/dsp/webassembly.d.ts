/** The part of the JavaScript interface of WebAssembly that is used here; `lib.dom` has it, Node's types do not. */
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, (...args: never[]) => unknown>>
  class Memory {
    readonly buffer: ArrayBuffer
  }
  class Module {
    private constructor()
  }
  class Instance {
    readonly exports: Record<string, unknown>
    constructor(module: Module, imports?: Imports)
  }
  function compile(bytes: Uint8Array): Promise<Module>
  function instantiate(bytes: Uint8Array, imports?: Imports): Promise<{ readonly instance: Instance }>
}
