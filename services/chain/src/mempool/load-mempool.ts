import { displayHash } from '@camelid/codec'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { findKnown } from '../store/known-transactions.ts'
import { deleteEntries, listEntries, type StoredEntry } from '../store/mempool.ts'
import { type Drop, storeDrops } from './drop.ts'
import { isRefusal, judgeBatch, refusalOr } from './judge-batch.ts'
import { type ParsedTransaction, parseTransaction, refuseConflicts } from './new-entry.ts'
import { nextRound } from './rounds.ts'

/** Rows read and judged at once. */
const PAGE = 10_000

interface Waiting {
  readonly stored: StoredEntry
  readonly parsed: ParsedTransaction
  readonly jobId: Uint8Array | null
}

/** What reading found, to be told and cleaned up at the end. */
interface Findings {
  /** Ids of rows that go without a word: in a block by now, or damaged. */
  readonly stale: Uint8Array[]
  readonly drops: Drop[]
  damaged: number
}

/**
 * Reads the mempool as it was before the restart and judges it anew on the tip; what no longer holds is dropped. Scripts are not run
 * again: they held when the row was written, and its id says that nothing in it has changed since.
 */
export async function loadMempool(state: ChainState): Promise<void> {
  const findings: Findings = { stale: [], drops: [], damaged: 0 }
  // A parent that returned from a disconnected block stands after its children: those get another turn.
  let missing: Waiting[] = []
  for (let after = -1n; ; ) {
    const page = await listEntries(state.sql, { after, limit: PAGE })
    const last = page.at(-1)
    if (last === undefined) break
    missing.push(...(await takeIn(state, await parsePage(state, page, findings), findings)))
    after = last.seq
  }
  for (let before = -1; before !== state.mempool.size; ) {
    before = state.mempool.size
    missing = await takeIn(state, missing, findings)
  }
  for (const one of missing) findings.drops.push(dropOf(one, 'MISSING_INPUT'))
  await state.sql.begin(async (sql) => {
    await deleteEntries(sql, findings.stale)
    await storeDrops(sql, findings.drops, state.clock.nowMs())
  })
  const { drops, damaged } = findings
  if (state.mempool.size + drops.length + damaged > 0)
    state.log.info({ kept: state.mempool.size, dropped: drops.length, damaged }, 'read the mempool')
}

/** The transactions of a page, without those in a block by now and those that cannot be read. */
async function parsePage(state: ChainState, page: readonly StoredEntry[], findings: Findings): Promise<Waiting[]> {
  const ids = page.map(({ txid }) => txid)
  // A crash came between their block and their leaving the mempool.
  const confirmed = new Set((await findKnown(state.sql, ids)).map(bytesToHex))
  return page.flatMap((stored) => {
    const parsed = confirmed.has(bytesToHex(stored.txid)) ? undefined : refusalOr(() => readRow(state, stored))
    if (parsed !== undefined && !isRefusal(parsed)) return [{ stored, parsed, jobId: stored.jobId }]
    findings.stale.push(stored.txid)
    if (parsed !== undefined) {
      findings.damaged++
      state.log.error(
        { txid: displayHash(stored.txid), code: parsed.code },
        `a row of the mempool is damaged and is dropped: ${parsed.message}`,
      )
    }
    return []
  })
}

/** @throws CodecError, ConsensusError, ChainError CORRUPT_DATABASE where the bytes are not what they were */
function readRow(state: ChainState, { txid, raw }: StoredEntry): ParsedTransaction {
  const parsed = parseTransaction(raw, state)
  if (!equalBytes(parsed.txid, txid))
    throw new ChainError('CORRUPT_DATABASE', `its bytes are those of ${displayHash(parsed.txid)}`)
  return parsed
}

/** Takes entries in, round by round. @returns those that lack an input so far */
async function takeIn(state: ChainState, entries: readonly Waiting[], findings: Findings): Promise<Waiting[]> {
  const missing: Waiting[] = []
  let waiting = entries
  while (waiting.length > 0) {
    const { now, later } = nextRound(waiting)
    const results = await judgeBatch(state, now, { asMined: true })
    for (const [i, one] of now.entries()) {
      const result = results[i]
      const refusal = result === undefined || isRefusal(result) ? result : refusalOr(() => add(result.entry, one))
      if (refusal === undefined || !isRefusal(refusal)) continue
      if (refusal.code === 'MISSING_INPUT') missing.push(one)
      else findings.drops.push(dropOf(one, 'INVALID'))
    }
    waiting = later
  }
  return missing

  function add(entry: Drop['entry'], { parsed, stored }: Waiting): object {
    refuseConflicts(state, parsed)
    state.mempool.add({ ...entry, addedAtMs: stored.addedAtMs })
    return entry
  }
}

function dropOf({ parsed, stored, jobId }: Waiting, reason: Drop['reason']): Drop {
  const unjudged = { fee: 0n, sigops: 0, settlement: null, byVerdict: false }
  return { entry: { ...parsed, ...unjudged, jobId, addedAtMs: stored.addedAtMs }, reason }
}
