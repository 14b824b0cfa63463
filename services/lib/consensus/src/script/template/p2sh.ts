import { OP } from '../opcodes.ts'

const SIZE = 23

/** Pays whoever shows a script with hash `h2` (20 bytes) and satisfies it: HASH160 <h2> EQUAL (BIP16). */
export function p2shScript(h2: Uint8Array): Uint8Array {
  if (h2.length !== 20) throw new RangeError(`a P2SH hash has 20 bytes, not ${h2.length}`)
  const script = new Uint8Array(SIZE)
  script.set([OP.HASH160, 20])
  script.set(h2, 2)
  script[22] = OP.EQUAL
  return script
}

/** The script hash of an exact P2SH script (a view of it), else null. */
export function parseP2sh(script: Uint8Array): Uint8Array | null {
  const fits = script.length === SIZE && script[0] === OP.HASH160 && script[1] === 20 && script[22] === OP.EQUAL
  return fits ? script.subarray(2, 22) : null
}
