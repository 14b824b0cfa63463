import type { Transaction } from '@camelid/codec'
import { sha256d } from '@camelid/crypto'
import { sizeOfSize } from '../transaction/transaction-size.ts'
import { withoutCodeSeparators } from './find-and-delete.ts'

/** What of the transaction a signature covers; ANYONECANPAY is added to one of the others. */
export const SigHash = { ALL: 1, NONE: 2, SINGLE: 3, ANYONECANPAY: 0x80 } as const

/** What stands in place of an output that SINGLE leaves open: value −1 and no script. */
const BLANK_VALUE = 0xffffffffffffffffn

/**
 * The digest that input `index` signs: Bitcoin's legacy algorithm, all types, with the job id after lockTime and before the 4-byte hash
 * type; mode `legacy` leaves the job id out, as Bitcoin does (protocol §3: Signature hash). `scriptCode` loses its CODESEPARATORs here.
 * SINGLE without an output of the same index gives the number 1, as in Bitcoin. Throws RangeError where there is no such input.
 */
export function signatureHash(
  tx: Transaction,
  index: number,
  scriptCode: Uint8Array,
  hashType: number,
  mode: 'camelid' | 'legacy' = 'camelid',
): Uint8Array {
  if (tx.vin[index] === undefined) throw new RangeError(`no input ${index} among ${tx.vin.length}`)
  const base = hashType & 0x1f
  if (base === SigHash.SINGLE && index >= tx.vout.length) return Uint8Array.of(1, ...new Uint8Array(31))
  const code = withoutCodeSeparators(scriptCode)
  const signed = { index, base, alone: (hashType & SigHash.ANYONECANPAY) !== 0, outputs: outputCount(tx, index, base) }

  // Written straight into the bytes to hash: this is done once an input, and copies of the parts would cost more than the hash.
  const preimage = new Uint8Array(preimageSize(tx, code, signed) + (mode === 'camelid' ? 32 : 0))
  const view = new DataView(preimage.buffer)
  view.setUint32(0, tx.version, true)
  let at = writeInputs(tx, code, signed, preimage, view)
  at = writeOutputs(tx, signed, at, preimage, view)
  view.setUint32(at, tx.lockTime, true)
  if (mode === 'camelid') preimage.set(tx.jobId, at + 4)
  view.setInt32(preimage.length - 4, hashType, true)
  return sha256d(preimage)
}

/** What of the transaction is signed. */
interface Signed {
  /** Of the input that signs. */
  readonly index: number
  readonly base: number
  /** ANYONECANPAY: no other input. */
  readonly alone: boolean
  /** How many outputs, from the first. */
  readonly outputs: number
}

function outputCount(tx: Transaction, index: number, base: number): number {
  if (base === SigHash.NONE) return 0
  return base === SigHash.SINGLE ? index + 1 : tx.vout.length
}

/** Bytes to hash, the job id apart. */
function preimageSize(tx: Transaction, code: Uint8Array, { index, base, alone, outputs }: Signed): number {
  const inputs = alone ? 1 : tx.vin.length
  let size = 4 + sizeOfSize(inputs) + inputs * 41 + sizeOfSize(outputs) + 4 + 4
  size += sizeOfSize(code.length) - 1 + code.length
  for (let i = 0; i < outputs; i++) {
    const length = base === SigHash.SINGLE && i !== index ? 0 : (tx.vout[i]?.scriptPubKey.length ?? 0)
    size += 8 + sizeOfSize(length) + length
  }
  return size
}

/** The inputs as signed: the code in this one, nothing in the others, whose sequences are free where their outputs are. */
function writeInputs(
  tx: Transaction,
  code: Uint8Array,
  { index, base, alone }: Signed,
  preimage: Uint8Array,
  view: DataView,
): number {
  const othersFree = base === SigHash.NONE || base === SigHash.SINGLE
  let at = writeSize(view, 4, alone ? 1 : tx.vin.length)
  for (let i = 0; i < tx.vin.length; i++) {
    const input = tx.vin[i]
    if (input === undefined || (alone && i !== index)) continue
    preimage.set(input.prevout.txid, at)
    view.setUint32(at + 32, input.prevout.index, true)
    at += 36
    if (i === index) {
      at = writeSize(view, at, code.length)
      preimage.set(code, at)
      at += code.length
    } else {
      at = writeSize(view, at, 0)
    }
    view.setUint32(at, othersFree && i !== index ? 0 : input.sequence, true)
    at += 4
  }
  return at
}

function writeOutputs(
  tx: Transaction,
  { index, base, outputs }: Signed,
  start: number,
  preimage: Uint8Array,
  view: DataView,
): number {
  let at = writeSize(view, start, outputs)
  for (let i = 0; i < outputs; i++) {
    const output = tx.vout[i]
    if (output === undefined || (base === SigHash.SINGLE && i !== index)) {
      view.setBigUint64(at, BLANK_VALUE, true)
      at = writeSize(view, at + 8, 0)
      continue
    }
    view.setBigUint64(at, output.value, true)
    at = writeSize(view, at + 8, output.scriptPubKey.length)
    preimage.set(output.scriptPubKey, at)
    at += output.scriptPubKey.length
  }
  return at
}

/** Writes a CompactSize at `at` and returns the offset behind it. */
function writeSize(view: DataView, at: number, count: number): number {
  if (count < 0xfd) {
    view.setUint8(at, count)
  } else if (count <= 0xffff) {
    view.setUint8(at, 0xfd)
    view.setUint16(at + 1, count, true)
  } else {
    view.setUint8(at, 0xfe)
    view.setUint32(at + 1, count, true)
  }
  return at + sizeOfSize(count)
}
