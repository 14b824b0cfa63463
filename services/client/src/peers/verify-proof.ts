import { decodeTransaction, isCoinbase, type Transaction, type TxOut, txid } from '@camelid/codec'
import { merkleRootFromBranch } from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import type { OutPoint, TxProof, Utxo } from '@camelid/proto/p2p/v1/messages_pb'
import type { HeaderChain } from '../headers/header-chain.ts'
import { lie, unproven } from './lie.ts'

/** A transaction that stands in a block of our best chain, as far as headers and a merkle branch can say. */
export interface ProvenTransaction {
  readonly transaction: Transaction
  readonly txid: Uint8Array
  readonly blockHash: Uint8Array
  readonly height: number
}

/** An output that existed at `height`. Whether it is unspent no proof can say: only peers that agree. */
export interface ProvenOutput extends ProvenTransaction {
  readonly output: TxOut
  readonly index: number
  readonly coinbase: boolean
}

type Headers = Pick<HeaderChain, 'get' | 'isBest'>

/** Checks a merkle proof against our own headers. Errors: AnswerError LIE, UNPROVEN. */
export function verifyProof(headers: Headers, proof: TxProof, wanted: Uint8Array): ProvenTransaction {
  const transaction = decode(proof.transaction)
  // The whole transaction is decoded (92 bytes at least), so the 64 bytes of an inner node cannot pass for one.
  const id = txid(transaction)
  if (!equalBytes(id, wanted)) throw lie(`asked for transaction ${bytesToHex(wanted)}, the proof is about another`)
  const node = headers.get(proof.blockHash)
  if (node === undefined) throw unproven(`block ${bytesToHex(proof.blockHash)} is not among our headers`)
  const root = merkleRootFromBranch(id, proof.branch, proof.position)
  if (root === null || !equalBytes(root, node.header.merkleRoot))
    throw lie('the merkle branch does not lead to the block')
  if (node.height !== proof.height) throw lie(`the block has height ${node.height}, not ${proof.height}`)
  if (isCoinbase(transaction) !== (proof.position === 0))
    throw lie('only the first transaction of a block is a coinbase')
  if (!headers.isBest(node.hash)) throw unproven('the block is not on our best chain')
  return { transaction, txid: id, blockHash: node.hash, height: node.height }
}

/** Checks that an output exists as the peer says. Errors: AnswerError LIE, UNPROVEN. */
export function verifyOutput(headers: Headers, utxo: Utxo, wanted?: { txid: Uint8Array; index: number }): ProvenOutput {
  const { outpoint, proof } = utxo
  if (outpoint === undefined || proof === undefined) throw lie('an output came without outpoint or proof')
  if (wanted !== undefined && !isOutpoint(outpoint, wanted)) throw lie('asked for one output, got another')
  const proven = verifyProof(headers, proof, outpoint.txid)
  const output = proven.transaction.vout[outpoint.index]
  if (output === undefined) throw lie('the transaction has no such output')
  if (output.value !== utxo.value || !equalBytes(output.scriptPubKey, utxo.scriptPubKey)) {
    throw lie('value or script differ from the proven transaction')
  }
  const coinbase = isCoinbase(proven.transaction)
  if (coinbase !== utxo.coinbase || proven.height !== utxo.height) throw lie('height or coinbase differ from the proof')
  return { ...proven, output, index: outpoint.index, coinbase }
}

function isOutpoint(a: OutPoint, b: { txid: Uint8Array; index: number }): boolean {
  return a.index === b.index && equalBytes(a.txid, b.txid)
}

function decode(bytes: Uint8Array): Transaction {
  try {
    return decodeTransaction(bytes)
  } catch (error) {
    throw isCoded(error) ? lie(`the proven transaction does not parse: ${error.code}`) : error
  }
}
