type Exported = (...parameters: readonly number[]) => unknown

export interface Instance {
  readonly memory: WebAssembly.Memory
  /** One of the functions that the module exports. @throws Error where it has none of that name */
  readonly exported: (name: string) => Exported
}

/**
 * Runs a module of `encodeModule`.
 *
 * @throws WebAssembly.CompileError where the processor or the runtime has no vector instructions
 */
export function instantiate(module: Uint8Array<ArrayBuffer>): Instance {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module))
  const { memory } = exports
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('the WebAssembly module exports no memory')
  return {
    memory,
    exported(name) {
      const found = exports[name]
      if (!isExported(found)) throw new Error(`the WebAssembly module exports no function ${name}`)
      return found
    },
  }
}

function isExported(value: unknown): value is Exported {
  return typeof value === 'function'
}
