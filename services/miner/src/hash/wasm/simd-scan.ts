import { instantiate } from '@camelid/wasm'
import type { HeaderWork } from '../header-work.ts'
import { type Scan, scanNonces } from '../scan-nonces.ts'
import { emitSearch, LANES } from './emit-search.ts'

/**
 * A scan that tries four nonces at a time with WebAssembly SIMD.
 *
 * @throws WebAssembly.CompileError where the processor or the runtime has no SIMD
 */
export function createSimdScan(): Scan {
  const { exported } = instantiate(emitSearch())
  const prepare = exported('prepare')
  const scan = exported('scan')
  let prepared: HeaderWork | undefined

  return (work, first, count) => {
    if (work !== prepared) {
      prepare(...work.midstate, ...work.tail, work.target[0] ?? 0)
      prepared = work
    }
    for (let tried = 0; tried < count; tried += LANES) {
      tried += Number(scan((first + tried) | 0, count - tried))
      if (tried >= count) break
      // One of these may win; the plain loop says which, by the whole hash, or that none does.
      const nonce = scanNonces(work, (first + tried) >>> 0, Math.min(LANES, count - tried))
      if (nonce >= 0) return nonce
    }
    return -1
  }
}
