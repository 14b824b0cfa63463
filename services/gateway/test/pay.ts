import { NULL_JOB_ID, type OutPoint, type Transaction } from '@camelid/codec'
import { p2pkhScript, signP2pkhInput } from '@camelid/consensus'
import { hash160, publicKeyOf } from '@camelid/crypto'

const SECRET = new Uint8Array(32).fill(7)
const PUBLIC = publicKeyOf(SECRET)
/** Whom the miner of a test pays. */
export const PAYOUT = hash160(PUBLIC)

/** A signed payment of one of its outputs back to the same address. */
export function pay(prevout: OutPoint, values: readonly bigint[]): Transaction {
  const input = { prevout, scriptSig: new Uint8Array(0), sequence: 0xffffffff }
  const unsigned: Transaction = {
    version: 1,
    vin: [input],
    vout: values.map((value) => ({ value, scriptPubKey: p2pkhScript(PAYOUT) })),
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  return { ...unsigned, vin: [{ ...input, scriptSig: signP2pkhInput(unsigned, 0, SECRET, PUBLIC) }] }
}
