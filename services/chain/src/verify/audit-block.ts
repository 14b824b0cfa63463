import { displayHash, encodeOutPoint } from '@camelid/codec'
import {
  checkBlockInIsolation,
  isUnspendable,
  type NetworkParams,
  type SettlementEntry,
  type SpentOutput,
  settlementEntry,
  subsidy,
} from '@camelid/consensus'
import { compareBytes, equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { type LoadedBlock, loadBlock } from '../chain/block-cache.ts'
import { blockHistory } from '../chain/block-history.ts'
import { decodeUndo } from '../chain/undo-data.ts'
import { keyOfBytes, keyOfOutPoint } from '../coins/pack-coin.ts'
import type { Body } from '../store/audit.ts'
import type { Coin } from '../store/coins.ts'
import type { PlacedHistoryEntry } from '../store/history.ts'
import { Finding } from './finding.ts'

/** What a block did, as far as the rest of the database must fit it. */
export interface BlockAudit {
  readonly height: number
  readonly txids: readonly Uint8Array[]
  /** Outpoints that it spent, its own too. */
  readonly spent: readonly Uint8Array[]
  readonly settlements: readonly SettlementEntry[]
  /** What it did to addresses. */
  readonly history: readonly PlacedHistoryEntry[]
  /** Spendable value made less value spent, base units. */
  readonly gain: bigint
}

/**
 * A stored block by itself and with its undo data: the block is its header's and whole, and the undo data holds exactly what it spent of
 * the chain below it, in order. @throws Finding
 */
export function auditBlock(body: Body, params: NetworkParams): BlockAudit {
  const loaded = readBlock(body, params)
  const undo = body.height === 0 ? [] : readUndo(body)
  const made = outputsOf(loaded)
  const wanted = loaded.block.transactions
    .slice(1)
    .flatMap(({ vin }) => vin.map(({ prevout }) => prevout))
    .filter((prevout) => !made.has(keyOfOutPoint(prevout)))
  if (wanted.length !== undo.length || wanted.some((prevout, i) => !names(undo[i], encodeOutPoint(prevout))))
    throw finding('UNDO_MISMATCH', body, 'its undo data is not of what it spent')
  return account(body, loaded, made, undo)
}

const names = (coin: Coin | undefined, outpoint: Uint8Array) =>
  coin !== undefined && compareBytes(coin.outpoint, outpoint) === 0

function readBlock(body: Body, params: NetworkParams): LoadedBlock {
  if (body.raw === null) throw finding('BLOCK_MISSING', body, 'it is not here')
  try {
    const loaded = loadBlock(body.raw)
    const { hash } = checkBlockInIsolation(loaded.block, params)
    if (!equalBytes(hash, body.hash)) throw finding('BLOCK_DAMAGED', body, 'its bytes are of another block')
    return loaded
  } catch (error) {
    if (!isCoded(error) || error instanceof Finding) throw error
    throw finding('BLOCK_DAMAGED', body, error.message, error)
  }
}

function readUndo(body: Body): Coin[] {
  if (body.undo === null) throw finding('UNDO_MISSING', body, 'its undo data is not here')
  try {
    return decodeUndo(body.undo)
  } catch (error) {
    if (!isCoded(error)) throw error
    throw finding('UNDO_MISMATCH', body, error.message, error)
  }
}

type Output = Pick<Coin, 'value' | 'scriptPubKey'>

/** Its spendable outputs by `keyOfOutPoint`. */
function outputsOf({ block, txids }: LoadedBlock): Map<string, Output> {
  const made = new Map<string, Output>()
  block.transactions.forEach(({ vout }, position) => {
    const txid = txids[position]
    if (txid === undefined) throw new RangeError('a transaction without its id')
    vout.forEach((output, index) => {
      if (!isUnspendable(output.scriptPubKey)) made.set(keyOfOutPoint({ txid, index }), output)
    })
  })
  return made
}

function account(
  body: Body,
  loaded: LoadedBlock,
  made: ReadonlyMap<string, Output>,
  undo: readonly Coin[],
): BlockAudit {
  const { block, txids } = loaded
  const before = new Map<string, Output>(undo.map((coin) => [keyOfBytes(coin.outpoint), coin]))
  const [coinbase, ...transactions] = block.transactions
  const settlements: SettlementEntry[] = []
  const spentBy: SpentOutput[][] = [[]]
  let fees = 0n
  let spentValue = 0n
  for (const transaction of transactions) {
    const spent = transaction.vin.flatMap(({ prevout }) => {
      const key = keyOfOutPoint(prevout)
      return made.get(key) ?? before.get(key) ?? []
    })
    // Neither height nor coinbase says anything to the history.
    spentBy.push(spent.map((output) => ({ output, height: body.height, coinbase: false })))
    const paid = sum(spent)
    const fee = paid - sum(transaction.vout)
    if (fee < 0n) throw finding('UNDO_MISMATCH', body, 'by its undo data a transaction pays out more than it spends')
    fees += fee
    spentValue += paid
    const entry = settlementEntry(transaction, spent)
    if (entry !== null) settlements.push(entry)
  }
  if (sum(coinbase?.vout ?? []) > subsidy(body.height) + fees)
    throw finding('UNDO_MISMATCH', body, 'by its undo data its coinbase takes more than subsidy and fees')
  return {
    height: body.height,
    txids,
    spent: transactions.flatMap(({ vin }) => vin.map(({ prevout }) => encodeOutPoint(prevout))),
    settlements,
    history: blockHistory(loaded, spentBy).map((entry) => ({ ...entry, height: body.height })),
    gain: sum([...made.values()]) - spentValue,
  }
}

const sum = (outputs: readonly { readonly value: bigint }[]): bigint =>
  outputs.reduce((total, { value }) => total + value, 0n)

function finding(
  code: 'BLOCK_MISSING' | 'BLOCK_DAMAGED' | 'UNDO_MISSING' | 'UNDO_MISMATCH',
  { height, hash }: Body,
  what: string,
  cause?: unknown,
): Finding {
  const block = displayHash(hash)
  return new Finding(code, `block ${block} at height ${height}: ${what}`, { data: { height, block }, cause })
}
