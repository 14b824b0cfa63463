import { concatBytes, equalBytes } from '@camelid/crypto'
import { LOCKTIME_THRESHOLD } from '../../params/units.ts'
import { OP } from '../opcodes.ts'
import { pushData, pushNumber } from '../push-data.ts'
import { pushedBytes, readInstruction } from '../read-instruction.ts'
import { decodeScriptNumber } from '../script-number.ts'
import { hasCompressedForm } from './compressed-form.ts'

export interface Bond {
  readonly nodeKey: Uint8Array
  /** From this height on the node takes its bond back alone; below 500,000,000. */
  readonly unbondHeight: number
}

/** Bytes up to and with the opcode before <unbondHeight>: IF <33> CHECKVERDICT VERIFY <33> CHECKSIG ELSE. */
const HEIGHT_OFFSET = 73

/**
 * A node's stake (protocol: Bond script):
 * IF <nodeKey> CHECKVERDICT VERIFY <nodeKey> CHECKSIG ELSE <unbondHeight> CHECKLOCKTIMEVERIFY DROP <nodeKey> CHECKSIG ENDIF.
 */
export function bondScript(nodeKey: Uint8Array, unbondHeight: number): Uint8Array {
  if (!hasCompressedForm(nodeKey)) throw new RangeError('a bond needs a compressed public key')
  if (!Number.isInteger(unbondHeight) || unbondHeight < 0 || unbondHeight >= LOCKTIME_THRESHOLD) {
    throw new RangeError(`unbondHeight ${unbondHeight} is no height`)
  }
  const key = pushData(nodeKey)
  return concatBytes(
    Uint8Array.of(OP.IF),
    key,
    Uint8Array.of(OP.CHECKVERDICT, OP.VERIFY),
    key,
    Uint8Array.of(OP.CHECKSIG, OP.ELSE),
    pushNumber(unbondHeight),
    Uint8Array.of(OP.CHECKLOCKTIMEVERIFY, OP.DROP),
    key,
    Uint8Array.of(OP.CHECKSIG, OP.ENDIF),
  )
}

/** Key and height of an exact bond script, else null: whatever is read is written again and must be the same bytes. */
export function parseBond(script: Uint8Array): Bond | null {
  if (script[0] !== OP.IF || script[1] !== 33 || script[35] !== OP.CHECKVERDICT) return null
  const nodeKey = script.subarray(2, 35)
  const height = readInstruction(script, HEIGHT_OFFSET)
  if (height === null || !hasCompressedForm(nodeKey)) return null
  const heightBytes = pushedBytes(height)
  if (heightBytes === null || heightBytes.length > 4) return null
  const unbondHeight = decodeScriptNumber(heightBytes, false)
  if (unbondHeight < 0 || unbondHeight >= LOCKTIME_THRESHOLD) return null
  return equalBytes(script, bondScript(nodeKey, unbondHeight)) ? { nodeKey, unbondHeight } : null
}
