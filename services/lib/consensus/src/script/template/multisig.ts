import { concatBytes, equalBytes } from '@camelid/crypto'
import { OP } from '../opcodes.ts'
import { pushData, pushNumber } from '../push-data.ts'
import { type Instruction, instructions } from '../read-instruction.ts'

export interface Multisig {
  readonly required: number
  readonly keys: readonly Uint8Array[]
}

/** Pays whoever has `required` of the keys: <required> <key…> <count> CHECKMULTISIG. */
export function multisigScript(required: number, keys: readonly Uint8Array[]): Uint8Array {
  if (keys.length < 1 || keys.length > 16 || required < 1 || required > keys.length) {
    throw new RangeError(`${required} of ${keys.length} keys make no multisig`)
  }
  return concatBytes(
    pushNumber(required),
    ...keys.map(pushData),
    pushNumber(keys.length),
    Uint8Array.of(OP.CHECKMULTISIG),
  )
}

/** An exact bare multisig script of 1 to 16 keys with the form of public keys, else null. */
export function parseMultisig(script: Uint8Array): Multisig | null {
  if (script.at(-1) !== OP.CHECKMULTISIG) return null
  const parts: Instruction[] = []
  for (const part of instructions(script)) {
    if (part === null || parts.length > 18) return null
    parts.push(part)
  }
  const required = (parts[0]?.opcode ?? 0) - OP.TRUE + 1
  const keys = parts.slice(1, -2).flatMap(({ data }) => (data === null ? [] : [data]))
  if (keys.length < 1 || keys.length > 16 || required < 1 || required > keys.length) return null
  if (!keys.every((key) => key.length === 33 || key.length === 65)) return null
  return equalBytes(script, multisigScript(required, keys)) ? { required, keys } : null
}
