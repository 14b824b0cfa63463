import assert from 'node:assert/strict'
import { encodeOutPoint, type OutPoint, type Transaction, txid } from '@camelid/codec'
import {
  bondScript,
  COIN,
  committee,
  opReturnScript,
  p2pkhScript,
  SigHash,
  signatureHash,
  signInput,
  Verdict,
  verdictScriptSig,
  verdictStatementHash,
} from '@camelid/consensus'
import { concatBytes, encodeDer, equalBytes, publicKeyOf, sign } from '@camelid/crypto'
import { type Branch, PAYEE, params, spend, toPayee } from './branch.ts'

export const FEE = 1_000n
const UNBOND = 100_000
/** The job that is judged. */
export const JOB = new Uint8Array(32).fill(0x77)
export const NODES = [1, 2, 3, 4].map((n) => {
  const secret = new Uint8Array(32).fill(0x20 + n)
  return { secret, key: publicKeyOf(secret) }
})
const judged = NODES[0] ?? assert.fail()
/** The node whose work is judged. */
export const JUDGED = judged

/** A bond of one coin for each node. */
export function bondsOfNodes(coin: { outpoint: OutPoint; value: bigint }): Transaction {
  return spend({
    from: [coin],
    to: [
      ...NODES.map(({ key }) => ({ value: COIN, scriptPubKey: bondScript(key, UNBOND) })),
      toPayee(coin.value - BigInt(NODES.length) * COIN - FEE),
    ],
  })
}

/**
 * The judged node's testament, released by every member of the committee of block `height`.
 * @param options.bonds the first of its outputs is slashed
 * @param options.funding what pays for the job
 */
export function slash(
  branch: Branch,
  options: { readonly bonds: Transaction; readonly funding: OutPoint; readonly height: number },
): Transaction {
  const { funding, height } = options
  const script = bondScript(judged.key, UNBOND)
  const heightBytes = new Uint8Array(4)
  new DataView(heightBytes.buffer).setUint32(0, height, true)
  const bond = { txid: txid(options.bonds), index: 0 }
  const tx: Transaction = {
    version: 1,
    vin: [{ prevout: bond, scriptSig: new Uint8Array(), sequence: 0xfffffffe }],
    vout: [
      { value: COIN / 2n, scriptPubKey: p2pkhScript(PAYEE) },
      { value: COIN / 4n, scriptPubKey: opReturnScript(concatBytes(encodeOutPoint(funding), heightBytes)) },
    ],
    lockTime: 500_000_000,
    jobId: JOB,
  }
  const blockHash = branch.nodes[height]?.hash ?? assert.fail()
  const sighash = signatureHash(tx, 0, script, SigHash.ALL)
  const digest = verdictStatementHash({ jobId: JOB, verdict: Verdict.INVALID, height, blockHash, sighash })
  const bonds = NODES.map(({ key }) => ({ nodeKey: key, value: COIN, unbondHeight: UNBOND }))
  const members = committee({ bonds, nodeKey: judged.key, jobId: JOB, blockHash, height, params })
  const attestations = members.slice(0, 2).map(({ nodeKey, memberIndex }) => {
    const member = NODES.find(({ key }) => equalBytes(key, nodeKey)) ?? assert.fail()
    return { memberIndex, der: encodeDer(sign(digest, member.secret)) }
  })
  const nodeSignature = signInput(tx, 0, script, judged.secret)
  const scriptSig = verdictScriptSig({ nodeSignature, attestations, verdict: Verdict.INVALID, height })
  return { ...tx, vin: tx.vin.map((input) => ({ ...input, scriptSig })) }
}
