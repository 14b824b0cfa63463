import { displayHash, outPointKey } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { ChainError } from '../chain-error.ts'
import type { Drop } from './drop.ts'
import { type Entry, feeRate, type Mempool } from './mempool.ts'
import { ancestorsOf, type MempoolNode } from './mempool-node.ts'
import type { ParsedTransaction } from './new-entry.ts'
import { INCREMENTAL_FEE_RATE, MAX_REPLACED, MIN_FINAL_SEQUENCE } from './policy.ts'

/**
 * Entries that spend what this transaction spends, each of which says that it may be replaced (BIP125 rule 1). That is asked for because
 * members of a committee work on the word of a claim's payment, which says no such thing (protocol: Disputes); reservations and
 * testaments never do.
 * @throws ChainError RESERVED, MEMPOOL_CONFLICT
 */
export function findConflicts(mempool: Mempool, { tx, txid }: Pick<ParsedTransaction, 'tx' | 'txid'>): MempoolNode[] {
  const conflicts = new Set<MempoolNode>()
  for (const { prevout } of tx.vin) {
    const output = outPointKey(prevout)
    const spender = mempool.spenderOf(output)
    const node = spender === undefined ? undefined : mempool.node(spender.key)
    if (node === undefined) continue
    if (node.entry.jobId !== null || !isReplaceable(node)) throw conflict(txid, node.entry, output)
    conflicts.add(node)
  }
  return [...conflicts]
}

/**
 * What goes where a transaction takes the place of others (BIP125 rules 2 to 5), and where it conflicts with none, nothing.
 * @throws ChainError RESERVED, MEMPOOL_CONFLICT, TOO_MANY_REPLACED, REPLACEMENT_FEE_TOO_LOW
 */
export function judgeReplacement(
  mempool: Mempool,
  { parsed, fee }: { readonly parsed: ParsedTransaction; readonly fee: bigint },
): Drop[] {
  const conflicts = findConflicts(mempool, parsed)
  if (conflicts.length === 0) return []
  const evicted = new Map<string, Entry>()
  for (const { entry } of conflicts) {
    // Counted before they are listed: rule 5 bounds the work too.
    if ((mempool.node(entry.key)?.descendants.count ?? 0) > MAX_REPLACED) throw tooMany()
    for (const one of mempool.withDescendants(entry.key)) evicted.set(one.key, one)
  }
  if (evicted.size > MAX_REPLACED) throw tooMany()
  for (const one of evicted.values()) {
    // Whatever rests on one whose place is taken goes, but a reservation is a promise.
    const output = one.tx.vin[0]?.prevout
    if (one.jobId !== null && output !== undefined) throw conflict(parsed.txid, one, outPointKey(output))
  }
  checkNoNewParents(mempool, parsed, conflicts, evicted)
  checkPaysMore({ raw: parsed.raw, fee }, conflicts, evicted)
  return conflicts.map(({ entry }) => ({ entry, reason: 'REPLACED' }))
}

/** It or an unconfirmed ancestor of it says so (BIP125 rule 1). */
function isReplaceable(node: MempoolNode): boolean {
  return signals(node) || [...ancestorsOf(node)].some(signals)
}

function signals({ entry }: MempoolNode): boolean {
  return entry.tx.vin.some(({ sequence }) => sequence < MIN_FINAL_SEQUENCE)
}

/** Rule 2: what waits on others too might be mined later than what it replaces. Nor can it rest on what it takes out. */
function checkNoNewParents(
  mempool: Mempool,
  { tx, txid }: ParsedTransaction,
  conflicts: readonly MempoolNode[],
  evicted: ReadonlyMap<string, Entry>,
): void {
  const known = new Set(conflicts.flatMap(({ entry }) => entry.tx.vin.map(({ prevout }) => bytesToHex(prevout.txid))))
  for (const { prevout } of tx.vin) {
    const parent = bytesToHex(prevout.txid)
    const isNew = mempool.get(parent) !== undefined && !known.has(parent)
    if (isNew || evicted.has(parent))
      throw new ChainError(
        'MEMPOOL_CONFLICT',
        `${displayHash(txid)} would replace others but spends unconfirmed outputs that they do not: spend confirmed ones`,
      )
  }
}

/** Rules 3 and 4, and a better rate than each it conflicts with: or miners would lose by it. */
function checkPaysMore(
  replacement: Pick<Entry, 'raw' | 'fee'>,
  conflicts: readonly MempoolNode[],
  evicted: ReadonlyMap<string, Entry>,
): void {
  const replaced = [...evicted.values()].reduce((sum, { fee }) => sum + fee, 0n)
  const required = replaced + BigInt(replacement.raw.length) * INCREMENTAL_FEE_RATE
  const { fee } = replacement
  if (fee < required)
    throw new ChainError(
      'REPLACEMENT_FEE_TOO_LOW',
      `the fee of ${fee} base units is under ${required}: what it replaces pays ${replaced}, and relaying anew costs 1 a byte`,
      { fee, required },
    )
  const best = Math.max(...conflicts.map(({ entry }) => feeRate(entry)))
  if (feeRate(replacement) <= best)
    throw new ChainError(
      'REPLACEMENT_FEE_TOO_LOW',
      `it pays no more a byte than what it replaces, ${best.toFixed(3)} base units: raise the fee`,
      { fee, required: BigInt(Math.ceil(best * replacement.raw.length)) + 1n },
    )
}

function tooMany(): ChainError {
  return new ChainError('TOO_MANY_REPLACED', `it would replace more than ${MAX_REPLACED} transactions at once`)
}

/** Says who spends the output already. */
export function conflict(txid: Uint8Array, spender: Entry, output: string): ChainError {
  const data = { output, txid: displayHash(txid), spender: displayHash(spender.txid) }
  return spender.jobId === null
    ? new ChainError(
        'MEMPOOL_CONFLICT',
        `output ${output} is spent by ${data.spender}, which waits for a block and may not be replaced`,
        data,
      )
    : new ChainError('RESERVED', `output ${output} is reserved for job ${bytesToHex(spender.jobId)}`, data)
}
