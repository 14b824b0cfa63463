/** What chacha.ts uses of WebAssembly: TypeScript has its types only among those of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
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
