import { type Bond, parseBond } from './template/bond.ts'
import { type Escrow, parseEscrow } from './template/escrow.ts'
import { type Multisig, parseMultisig } from './template/multisig.ts'
import { isOpReturn, parseOpReturn } from './template/op-return.ts'
import { parseP2pkh } from './template/p2pkh.ts'
import { parseP2sh } from './template/p2sh.ts'

export type ScriptClass =
  | { readonly kind: 'p2pkh'; readonly h2: Uint8Array }
  | { readonly kind: 'p2sh'; readonly scriptHash: Uint8Array }
  | ({ readonly kind: 'bond' } & Bond)
  | ({ readonly kind: 'escrow' } & Escrow)
  | ({ readonly kind: 'multisig' } & Multisig)
  | { readonly kind: 'opReturn'; readonly data: Uint8Array }
  | { readonly kind: 'nonstandard' }

const NONSTANDARD: ScriptClass = { kind: 'nonstandard' }

/** Which template (protocol §3: Standard outputs) an output script is, exactly. Bytes in the result are views of the script. */
export function classifyScript(script: Uint8Array): ScriptClass {
  const h2 = parseP2pkh(script)
  if (h2 !== null) return { kind: 'p2pkh', h2 }
  const bond = parseBond(script)
  if (bond !== null) return { kind: 'bond', ...bond }
  const escrow = parseEscrow(script)
  if (escrow !== null) return { kind: 'escrow', ...escrow }
  const scriptHash = parseP2sh(script)
  if (scriptHash !== null) return { kind: 'p2sh', scriptHash }
  const data = parseOpReturn(script)
  if (data !== null) return { kind: 'opReturn', data }
  const multisig = parseMultisig(script)
  if (multisig !== null) return { kind: 'multisig', ...multisig }
  return NONSTANDARD
}

/** Whether no scriptSig can ever satisfy the script: such outputs need no place in the set of coins. */
export function isUnspendable(script: Uint8Array): boolean {
  return isOpReturn(script) || script.length > 10_000
}
