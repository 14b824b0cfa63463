import { type BlockHeader, headerHash, NULL_JOB_ID, type Transaction } from '@camelid/codec'
import { bitsToTarget, hashToNumber, p2pkhScript } from '@camelid/consensus'
import type { TestChain } from './test-chain.ts'

/** A transaction that spends an output of the test's chain, which looks at no signature. */
export function spendOf({ txid, index, output }: ReturnType<TestChain['unspent']>[number]): Transaction {
  return {
    version: 1,
    vin: [{ prevout: { txid, index }, scriptSig: new Uint8Array(1), sequence: 0xffffffff }],
    vout: [{ value: output.value, scriptPubKey: p2pkhScript(new Uint8Array(20).fill(4)) }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
}

/** The same header with a nonce that does not do. */
export function workless(header: BlockHeader): BlockHeader {
  const target = bitsToTarget(header.bits)
  for (let nonce = 0; ; nonce++)
    if (hashToNumber(headerHash({ ...header, nonce })) > target) return { ...header, nonce }
}
