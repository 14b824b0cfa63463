import type { Transaction, TxIn, TxOut } from '@camelid/codec'
import { sha256d } from '@camelid/crypto'
import { sizeOfSize } from '../transaction/transaction-size.ts'
import { withoutCodeSeparators } from './find-and-delete.ts'

/** What of the transaction a signature covers; ANYONECANPAY is added to one of the others. */
export const SigHash = { ALL: 1, NONE: 2, SINGLE: 3, ANYONECANPAY: 0x80 } as const

const EMPTY = new Uint8Array(0)
const BLANK_OUTPUT: TxOut = { value: 0xffffffffffffffffn, scriptPubKey: EMPTY }

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
  const inputs = signedInputs(tx, index, withoutCodeSeparators(scriptCode), hashType)
  const outputs = signedOutputs(tx, index, base)

  let size = 4 + sizeOfSize(inputs.length) + sizeOfSize(outputs.length) + 4 + 4 + (mode === 'camelid' ? 32 : 0)
  for (const { scriptSig } of inputs) size += 40 + sizeOfSize(scriptSig.length) + scriptSig.length
  for (const { scriptPubKey } of outputs) size += 8 + sizeOfSize(scriptPubKey.length) + scriptPubKey.length

  const preimage = new Uint8Array(size)
  const view = new DataView(preimage.buffer)
  view.setUint32(0, tx.version, true)
  let at = writeSize(view, 4, inputs.length)
  for (const { prevout, scriptSig, sequence } of inputs) {
    preimage.set(prevout.txid, at)
    view.setUint32(at + 32, prevout.index, true)
    at = writeSize(view, at + 36, scriptSig.length)
    preimage.set(scriptSig, at)
    view.setUint32(at + scriptSig.length, sequence, true)
    at += scriptSig.length + 4
  }
  at = writeSize(view, at, outputs.length)
  for (const { value, scriptPubKey } of outputs) {
    view.setBigUint64(at, value, true)
    at = writeSize(view, at + 8, scriptPubKey.length)
    preimage.set(scriptPubKey, at)
    at += scriptPubKey.length
  }
  view.setUint32(at, tx.lockTime, true)
  if (mode === 'camelid') preimage.set(tx.jobId, at + 4)
  view.setInt32(size - 4, hashType, true)
  return sha256d(preimage)
}

/** The inputs as signed: scriptCode in this one, nothing in the others, whose sequences are free where their outputs are. */
function signedInputs(tx: Transaction, index: number, scriptCode: Uint8Array, hashType: number): TxIn[] {
  const base = hashType & 0x1f
  const othersFree = base === SigHash.NONE || base === SigHash.SINGLE
  const inputs = tx.vin.map(({ prevout, sequence }, i) => {
    if (i === index) return { prevout, scriptSig: scriptCode, sequence }
    return { prevout, scriptSig: EMPTY, sequence: othersFree ? 0 : sequence }
  })
  return (hashType & SigHash.ANYONECANPAY) === 0 ? inputs : inputs.slice(index, index + 1)
}

function signedOutputs(tx: Transaction, index: number, base: number): readonly TxOut[] {
  if (base === SigHash.NONE) return []
  if (base !== SigHash.SINGLE) return tx.vout
  return tx.vout.slice(0, index + 1).map((output, i) => (i === index ? output : BLANK_OUTPUT))
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
