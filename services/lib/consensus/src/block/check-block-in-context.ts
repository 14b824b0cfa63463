import type { Block, Transaction } from '@camelid/codec'
import { ConsensusError } from '../error/consensus-error.ts'
import type { NetworkParams } from '../params/network-params.ts'
import { type SettlementEntry, settlementEntry, settlementKey } from '../settlement/settlement-entry.ts'
import { subsidy } from '../subsidy/subsidy.ts'
import { checkTransactionInputs } from '../transaction/check-transaction-inputs.ts'
import { isFinal } from '../transaction/finality.ts'
import { sequenceLocksMet } from '../transaction/sequence-locks.ts'
import type { SpentOutput } from '../transaction/spent-output.ts'
import { legacySigops, sigopsOf } from '../transaction/transaction-sigops.ts'
import { startsWithHeight } from './coinbase-script.ts'

/** The chain that a block stands on, as far as its transactions need it. */
export interface BlockContext {
  readonly height: number
  /** Median time past of the 11 blocks that end with the parent, unix seconds. */
  readonly medianTime: number
  /** Median time past of the 11 blocks that end with the one at `height`, on the block's own chain. */
  medianTimeAt(height: number): number
  readonly params: NetworkParams
  /** By transaction, by input: what is spent, outputs of earlier transactions of this block included; null where there is none. Empty for the coinbase. */
  readonly spent: readonly (readonly (SpentOutput | null)[])[]
  /** Whether the chain's set already has an entry (its `settlementKey`). */
  hasSettlement(key: string): boolean
}

/** What connecting the block changes beside the coins. */
export interface BlockEffects {
  /** Sum of the fees, base units. */
  readonly fees: bigint
  /** Entries to add to the chain's set, in the order of the transactions. */
  readonly settlements: readonly SettlementEntry[]
}

/**
 * What a block must satisfy on the chain it builds on (protocol §4), its header and scripts apart: those are checkHeaderInContext and
 * verifyInput. Throws ConsensusError.
 */
export function checkBlockInContext(block: Block, context: BlockContext): BlockEffects {
  const [coinbase, ...transactions] = block.transactions
  if (coinbase === undefined) throw new ConsensusError('NO_COINBASE', 'a block without transactions')
  checkCoinbaseHeight(coinbase, context.height)
  checkLocks(coinbase, [], context)
  let fees = 0n
  const settlements: SettlementEntry[] = []
  const taken = new Set<string>()
  let sigops = legacySigops(coinbase, context.params.committeeSize)
  for (const [i, tx] of transactions.entries()) {
    const spent = context.spent[i + 1] ?? []
    fees += checkTransactionInputs(tx, { ...context, spent }).fee
    checkLocks(tx, spent, context)
    sigops += sigopsOf(tx, spent, context.params)
    const entry = newSettlement(tx, spent, taken, context)
    if (entry !== null) settlements.push(entry)
  }
  checkCoinbaseValue(coinbase, subsidy(context.height) + fees)
  if (sigops > context.params.maxBlockSigops) {
    throw new ConsensusError('TOO_MANY_SIGOPS', `${sigops} signature checks in the block`, { sigops })
  }
  return { fees, settlements }
}

function checkCoinbaseHeight(coinbase: Transaction, height: number): void {
  const scriptSig = coinbase.vin[0]?.scriptSig
  if (scriptSig === undefined || !startsWithHeight(scriptSig, height)) {
    throw new ConsensusError('BAD_COINBASE_HEIGHT', `the coinbase does not begin with its height ${height}`, { height })
  }
}

function checkCoinbaseValue(coinbase: Transaction, allowed: bigint): void {
  const value = coinbase.vout.reduce((sum, output) => sum + output.value, 0n)
  if (value > allowed) {
    throw new ConsensusError('COINBASE_PAYS_TOO_MUCH', `the coinbase pays ${value} base units, ${allowed} allowed`, {
      value,
      allowed,
    })
  }
}

function checkLocks(tx: Transaction, spent: readonly (SpentOutput | null)[], context: BlockContext): void {
  if (!isFinal(tx, context.height, context.medianTime)) {
    throw new ConsensusError('NOT_FINAL', `a transaction is locked until ${tx.lockTime}`, { lockTime: tx.lockTime })
  }
  if (spent.length > 0 && !sequenceLocksMet(tx, { ...context, spent })) {
    throw new ConsensusError('SEQUENCE_LOCKED', 'an input is younger than its sequence asks')
  }
}

function newSettlement(
  tx: Transaction,
  spent: readonly (SpentOutput | null)[],
  taken: Set<string>,
  context: BlockContext,
): SettlementEntry | null {
  const outputs = spent.flatMap((coin) => (coin === null ? [] : [coin.output]))
  const entry = settlementEntry(tx, outputs)
  if (entry === null) return null
  const key = settlementKey(entry)
  if (taken.has(key) || context.hasSettlement(key)) {
    throw new ConsensusError('DUPLICATE_SETTLEMENT', `a second settlement of ${key}`, { key })
  }
  taken.add(key)
  return entry
}
