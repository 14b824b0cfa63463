import { concatBytes, equalBytes } from '@camelid/crypto'
import { LOCKTIME_THRESHOLD } from '../../params/units.ts'
import { OP } from '../opcodes.ts'
import { pushData, pushNumber } from '../push-data.ts'
import { readInstruction } from '../read-instruction.ts'
import { decodeScriptNumber } from '../script-number.ts'
import { hasCompressedForm } from './compressed-form.ts'

export interface Escrow {
  /** Unix seconds, from 500,000,000 on, by median time past: then the client takes the money back. */
  readonly expiryTime: number
  readonly clientKey: Uint8Array
}

/** Where a funding transaction puts the reward (protocol: Bond script): <expiryTime> CHECKLOCKTIMEVERIFY DROP <clientKey> CHECKSIG. */
export function escrowScript(expiryTime: number, clientKey: Uint8Array): Uint8Array {
  if (!hasCompressedForm(clientKey)) throw new RangeError('an escrow needs a compressed public key')
  if (!Number.isInteger(expiryTime) || expiryTime < LOCKTIME_THRESHOLD || expiryTime > 0xffffffff) {
    throw new RangeError(`expiryTime ${expiryTime} is no time`)
  }
  return concatBytes(
    pushNumber(expiryTime),
    Uint8Array.of(OP.CHECKLOCKTIMEVERIFY, OP.DROP),
    pushData(clientKey),
    Uint8Array.of(OP.CHECKSIG),
  )
}

/** Time and key of an exact escrow script, else null: whatever is read is written again and must be the same bytes. */
export function parseEscrow(script: Uint8Array): Escrow | null {
  const time = readInstruction(script, 0)
  if (time?.data == null || time.data.length < 4 || time.data.length > 5) return null
  const expiryTime = decodeScriptNumber(time.data, false, 5)
  const clientKey = script.subarray(time.next + 3, time.next + 36)
  if (expiryTime < LOCKTIME_THRESHOLD || expiryTime > 0xffffffff || !hasCompressedForm(clientKey)) return null
  return equalBytes(script, escrowScript(expiryTime, clientKey)) ? { expiryTime, clientKey } : null
}
