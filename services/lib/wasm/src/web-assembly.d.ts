/** What is used of the global WebAssembly, whose types come only with the browser's. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
  }
  class Instance {
    constructor(module: Module)
    readonly exports: Readonly<Record<string, unknown>>
  }
  class Memory {
    constructor(descriptor: { initial: number })
    readonly buffer: ArrayBuffer
    /** 64 KiB pages. @throws RangeError where there is no more memory */
    grow(pages: number): number
  }
}
