import type { HeaderWork } from '../header-work.ts'
import { type Scan, scanNonces } from '../scan-nonces.ts'
import { emitSearch, LANES } from './emit-search.ts'

/** What is used here of the global WebAssembly, whose types come only with the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

/** The exports of the module that emitSearch describes. */
interface Exports {
  readonly prepare: (...inputs: readonly number[]) => void
  readonly scan: (first: number, count: number) => number
}

/**
 * A scan that tries four nonces at a time with WebAssembly SIMD.
 *
 * @throws WebAssembly.CompileError where the processor or the runtime has no SIMD
 */
export function createSimdScan(): Scan {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(emitSearch()))
  // emitSearch exports exactly these.
  const { prepare, scan } = instance.exports as Exports
  let prepared: HeaderWork | undefined

  return (work, first, count) => {
    if (work !== prepared) {
      prepare(...work.midstate, ...work.tail, work.target[0] ?? 0)
      prepared = work
    }
    for (let tried = 0; tried < count; tried += LANES) {
      tried += scan((first + tried) | 0, count - tried)
      if (tried >= count) break
      // One of these may win; the plain loop says which, by the whole hash, or that none does.
      const nonce = scanNonces(work, (first + tried) >>> 0, Math.min(LANES, count - tried))
      if (nonce >= 0) return nonce
    }
    return -1
  }
}
