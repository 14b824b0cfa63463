import { type Scan, scanNonces } from './scan-nonces.ts'
import { selfTest } from './self-test.ts'
import { createSimdScan } from './wasm/simd-scan.ts'

/** The loop a thread hashes with. */
export interface Loop {
  readonly name: 'wasm-simd' | 'javascript'
  readonly scan: Scan
  /** Why it is not the fast one. */
  readonly reason?: string
}

/** The fast loop if this machine can run it and it is right, else the plain one. */
export function chooseLoop(create: () => Scan = createSimdScan): Loop {
  try {
    return checkLoop({ name: 'wasm-simd', scan: create() })
  } catch (error) {
    return plain(`WebAssembly SIMD does not run here: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * The same loop, or the plain one when it is wrong. The runtime replaces machine code by better code while it runs,
 * so a loop that was right at the start is worth another look.
 */
export function checkLoop(loop: Loop): Loop {
  if (loop.name === 'javascript') return loop
  const fault = selfTest(loop.scan)
  return fault === undefined ? loop : plain(`the self-test failed: ${fault}`)
}

const plain = (reason: string): Loop => ({ name: 'javascript', scan: scanNonces, reason })
