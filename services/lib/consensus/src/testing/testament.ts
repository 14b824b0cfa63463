import { encodeOutPoint, type Transaction, type TxOut } from '@camelid/codec'
import { concatBytes, encodeDer, publicKeyOf, sign } from '@camelid/crypto'
import { type CommitteeBond, committee } from '../committee/committee.ts'
import type { VerdictContext } from '../committee/verdict-context.ts'
import { type Verdict, verdictStatementHash } from '../committee/verdict-statement.ts'
import { networkParams } from '../params/networks.ts'
import { COIN } from '../params/units.ts'
import { SigHash, signatureHash } from '../script/signature-hash.ts'
import { bondScript } from '../script/template/bond.ts'
import { opReturnScript } from '../script/template/op-return.ts'
import { p2pkhScript } from '../script/template/p2pkh.ts'

export const PARAMS = networkParams('local')
/** H of every case. */
export const HEIGHT = 40
export const BLOCK_HASH = new Uint8Array(32).fill(0xb1)
export const FUNDING = { txid: new Uint8Array(32).fill(0xf0), index: 1 }

const secret = (n: number): Uint8Array => new Uint8Array(32).fill(n)
export const NODE = { secret: secret(1), key: publicKeyOf(secret(1)) }
const JUDGES = [2, 3, 4, 5].map((n) => ({ secret: secret(n), key: publicKeyOf(secret(n)) }))
export const STRANGER = { secret: secret(9), key: publicKeyOf(secret(9)) }

export const BOND_SCRIPT = bondScript(NODE.key, 2_000)
export const BOND: TxOut = { value: 2n * COIN, scriptPubKey: BOND_SCRIPT }

const BONDS: CommitteeBond[] = [...JUDGES, NODE].map(({ key }) => ({ nodeKey: key, value: COIN, unbondHeight: 5_000 }))

/** A chain of which only block H is known, seen from a block at `height`. */
export function chainAt(height: number, bonds: readonly CommitteeBond[] = BONDS): VerdictContext {
  return {
    height,
    verdictLife: PARAMS.verdictLife,
    blockHash: (at) => (at === HEIGHT ? BLOCK_HASH : null),
    committee: (at, jobId, nodeKey) =>
      committee({ bonds, nodeKey, jobId, blockHash: BLOCK_HASH, height: at, params: PARAMS }),
  }
}

/** An unsigned testament as protocol §5 has it, its OP_RETURN naming the funding outpoint and H. */
export function testament(changes: Partial<Transaction> = {}): Transaction {
  const named = new Uint8Array(4)
  new DataView(named.buffer).setUint32(0, HEIGHT, true)
  return {
    version: 1,
    vin: [{ prevout: { txid: secret(7), index: 0 }, scriptSig: new Uint8Array(), sequence: 0xfffffffe }],
    vout: [
      { value: COIN, scriptPubKey: p2pkhScript(secret(8).subarray(0, 20)) },
      { value: COIN / 2n, scriptPubKey: opReturnScript(concatBytes(encodeOutPoint(FUNDING), named)) },
    ],
    lockTime: 500_000_000,
    jobId: secret(6),
    ...changes,
  }
}

/** The node's signature of a testament, type ALL: DER ‖ 0x01. */
export function nodeSignature(tx: Transaction): Uint8Array {
  const digest = signatureHash(tx, 0, BOND_SCRIPT, SigHash.ALL)
  return concatBytes(encodeDer(sign(digest, NODE.secret)), Uint8Array.of(SigHash.ALL))
}

/** Attestations by the drawn members, ascending. `sighash` may be another than the testament's own. */
export function attest(
  tx: Transaction,
  verdict: Verdict,
  sighash: Uint8Array = signatureHash(tx, 0, BOND_SCRIPT, SigHash.ALL),
): { memberIndex: number; der: Uint8Array; compact: Uint8Array }[] {
  const digest = verdictStatementHash({ jobId: tx.jobId, verdict, height: HEIGHT, blockHash: BLOCK_HASH, sighash })
  return chainAt(HEIGHT + 1)
    .committee(HEIGHT, tx.jobId, NODE.key)
    .map(({ nodeKey, memberIndex }) => {
      const judge = JUDGES.find(({ key }) => key.every((byte, i) => byte === nodeKey[i]))
      if (judge === undefined) throw new Error('a member nobody knows was drawn')
      const compact = sign(digest, judge.secret)
      return { memberIndex, compact, der: encodeDer(compact) }
    })
}

/** The transaction with a scriptSig in its input. */
export function withScriptSig(tx: Transaction, scriptSig: Uint8Array): Transaction {
  return { ...tx, vin: tx.vin.map((input, i) => (i === 0 ? { ...input, scriptSig } : input)) }
}
