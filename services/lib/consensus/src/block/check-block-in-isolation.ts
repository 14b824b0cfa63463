import { type Block, isCoinbase, outPointKey, type Transaction, txid } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { ConsensusError } from '../error/consensus-error.ts'
import { checkHeaderInIsolation } from '../header/check-header-in-isolation.ts'
import { merkleRoot } from '../merkle/merkle-root.ts'
import type { NetworkParams } from '../params/network-params.ts'
import { checkTransactionInIsolation } from '../transaction/check-transaction-in-isolation.ts'
import { legacySigops } from '../transaction/transaction-sigops.ts'
import { sizeOfSize, transactionSize } from '../transaction/transaction-size.ts'

/** Hashes made on the way, so that nobody makes them twice. */
export interface BlockHashes {
  readonly hash: Uint8Array
  /** In the order of the block's transactions. */
  readonly txids: readonly Uint8Array[]
}

/**
 * What a block must satisfy whatever it builds on (protocol §4). Throws ConsensusError. The merkle root comes right after the header:
 * until it is known that these transactions are the header's, no fault in them says anything of the header. BAD_MERKLE_ROOT and
 * MUTATED_MERKLE_TREE are the sender's fault alone: after them the same hash may come again with its true transactions.
 * @param txids of its transactions, where the caller has hashed them already
 */
export function checkBlockInIsolation(block: Block, params: NetworkParams, txids?: readonly Uint8Array[]): BlockHashes {
  const hash = checkHeaderInIsolation(block.header, params)
  const ids = txids ?? block.transactions.map((tx) => txid(tx))
  checkMerkleRoot(block, ids)
  checkCoinbasePlace(block.transactions)
  checkSize(block.transactions, params)
  for (const tx of block.transactions) checkTransactionInIsolation(tx, params)
  checkNoDoubleSpend(block.transactions)
  checkLegacySigops(block.transactions, params)
  return { hash, txids: ids }
}

/** Two hashes side by side: a transaction of this size may be an inner node of the tree passed off for one. No valid one is so small. */
const INNER_NODE_BYTES = 64

function checkMerkleRoot({ header, transactions }: Block, txids: readonly Uint8Array[]): void {
  if (transactions.length === 0) throw new ConsensusError('BAD_MERKLE_ROOT', 'a block without transactions')
  const { root, mutated } = merkleRoot(txids)
  if (!equalBytes(root, header.merkleRoot)) {
    throw new ConsensusError('BAD_MERKLE_ROOT', 'the transactions are not those of the header')
  }
  if (mutated || transactions.some((tx) => transactionSize(tx) === INNER_NODE_BYTES)) {
    throw new ConsensusError(
      'MUTATED_MERKLE_TREE',
      'the block repeats transactions to the same merkle root, or has inner nodes for them',
    )
  }
}

function checkCoinbasePlace(transactions: readonly Transaction[]): void {
  const [first, ...others] = transactions
  if (first === undefined || !isCoinbase(first)) {
    throw new ConsensusError('NO_COINBASE', 'the first transaction of the block is no coinbase')
  }
  if (others.some(isCoinbase)) throw new ConsensusError('EXTRA_COINBASE', 'the block has a second coinbase')
}

function checkSize(transactions: readonly Transaction[], params: NetworkParams): void {
  let size = 80 + sizeOfSize(transactions.length)
  for (const tx of transactions) size += transactionSize(tx)
  if (size > params.maxBlockBytes) {
    throw new ConsensusError('BLOCK_TOO_BIG', `a block of ${size} bytes, at most ${params.maxBlockBytes} allowed`, {
      size,
    })
  }
}

function checkNoDoubleSpend(transactions: readonly Transaction[]): void {
  const spent = new Set<string>()
  for (const { vin } of transactions.slice(1)) {
    for (const { prevout } of vin) {
      const key = outPointKey(prevout)
      if (spent.has(key)) throw new ConsensusError('DOUBLE_SPEND', `output ${key} is spent twice in the block`)
      spent.add(key)
    }
  }
}

function checkLegacySigops(transactions: readonly Transaction[], params: NetworkParams): void {
  let sigops = 0
  for (const tx of transactions) sigops += legacySigops(tx, params.committeeSize)
  if (sigops > params.maxBlockSigops)
    throw new ConsensusError('TOO_MANY_SIGOPS', `${sigops} signature checks`, { sigops })
}
