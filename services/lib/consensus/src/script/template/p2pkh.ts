import { OP } from '../opcodes.ts'

const SIZE = 25

/** Pays whoever shows a public key with hash `h2` (20 bytes) and signs: DUP HASH160 <h2> EQUALVERIFY CHECKSIG. */
export function p2pkhScript(h2: Uint8Array): Uint8Array {
  if (h2.length !== 20) throw new RangeError(`a P2PKH hash has 20 bytes, not ${h2.length}`)
  const script = new Uint8Array(SIZE)
  script.set([OP.DUP, OP.HASH160, 20])
  script.set(h2, 3)
  script.set([OP.EQUALVERIFY, OP.CHECKSIG], 23)
  return script
}

/** The h2 of an exact P2PKH script (a view of it), else null. */
export function parseP2pkh(script: Uint8Array): Uint8Array | null {
  const fits =
    script.length === SIZE &&
    script[0] === OP.DUP &&
    script[1] === OP.HASH160 &&
    script[2] === 20 &&
    script[23] === OP.EQUALVERIFY &&
    script[24] === OP.CHECKSIG
  return fits ? script.subarray(3, 23) : null
}
