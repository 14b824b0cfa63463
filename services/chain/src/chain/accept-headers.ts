import { type BlockHeader, decodeHeader, displayHash, HEADER_BYTES } from '@camelid/codec'
import { checkHeaderInContext, checkHeaderInIsolation } from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { ChainError } from '../chain-error.ts'
import { type IndexedHeader, insertHeaders } from '../store/headers.ts'
import type { ChainState } from './chain-state.ts'
import { pruneHeaders } from './prune-headers.ts'

/** Headers that one message may bring. */
export const MAX_HEADERS = 2_000

interface Candidate {
  readonly header: BlockHeader
  readonly hash: Uint8Array
}

/**
 * Parses headers that stand one after another, 80 bytes each, and judges what needs no database: that they follow each other and that
 * each one's work was done.
 * @throws ChainError BAD_REQUEST, BROKEN_HEADERS; ConsensusError BAD_BITS, BAD_POW
 */
export function parseHeaders(bytes: Uint8Array, state: Pick<ChainState, 'params'>): Candidate[] {
  if (bytes.length % HEADER_BYTES !== 0 || bytes.length === 0 || bytes.length > MAX_HEADERS * HEADER_BYTES)
    throw new ChainError(
      'BAD_REQUEST',
      `headers come as 1 to ${MAX_HEADERS} times ${HEADER_BYTES} bytes, not ${bytes.length}`,
    )
  const candidates: Candidate[] = []
  for (let at = 0; at < bytes.length; at += HEADER_BYTES) {
    const header = decodeHeader(bytes.subarray(at, at + HEADER_BYTES))
    const last = candidates.at(-1)
    if (last !== undefined && !equalBytes(header.prevHash, last.hash))
      throw new ChainError('BROKEN_HEADERS', 'a header does not build on the one before it in the same message')
    candidates.push({ header, hash: checkHeaderInIsolation(header, state.params) })
  }
  return candidates
}

/**
 * Judges headers in the context of their parents and stores the good ones, few queries for all of them. Runs in the writer.
 * @returns how many were new, and the last of them all
 * @param peer h2 of who sent them
 * @throws ChainError UNKNOWN_PARENT, INVALID_ANCESTOR, KNOWN_INVALID, WEAK_BRANCH; ConsensusError as of `checkHeaderInContext`.
 *   The headers before the bad one are kept.
 */
export async function acceptHeaders(
  state: ChainState,
  candidates: readonly Candidate[],
  peer: Uint8Array,
): Promise<{ added: number; last: IndexedHeader | undefined }> {
  const last = candidates.at(-1)
  const newest = last && (await state.headers.find(last.hash))
  // Whoever repeats what is known must not cost a query for each: all that lead up to a known header are known.
  if (newest !== undefined) return { added: 0, last: refuseInvalid(newest) }
  const stored = await state.headers.findAll(candidates.map(({ hash }) => hash))
  const fresh = new Map<string, IndexedHeader>()
  await boundWeak(state, { candidates, stored, peer })
  try {
    for (const { header, hash } of candidates) {
      const known = stored.get(bytesToHex(hash))
      if (known !== undefined) refuseInvalid(known)
      else fresh.set(bytesToHex(hash), await judgeHeader(state, header, hash, fresh))
    }
  } finally {
    await storeHeaders(state, [...fresh.values()])
  }
  return { added: fresh.size, last: last && (await state.headers.find(last.hash)) }
}

/** The work that headers claim is enough to tell: without it they are refused in any case. @throws ChainError WEAK_BRANCH */
async function boundWeak(
  state: ChainState,
  {
    candidates,
    stored,
    peer,
  }: { candidates: readonly Candidate[]; stored: ReadonlyMap<string, IndexedHeader>; peer: Uint8Array },
): Promise<void> {
  const fresh = candidates.filter(({ hash }) => !stored.has(bytesToHex(hash)))
  const [first] = fresh
  const parent = first && (await state.headers.find(first.header.prevHash))
  if (parent === undefined) return
  const headers = fresh.map(({ header }) => header)
  state.weak.take(peer, headers, { work: parent.work, tip: state.tip.node })
}

function refuseInvalid(known: IndexedHeader): IndexedHeader {
  if (!known.invalid) return known
  throw new ChainError('KNOWN_INVALID', `header ${displayHash(known.hash)} is of an invalid block`)
}

/** The node of a header that is not stored yet. @throws as `acceptHeaders` */
export async function judgeHeader(
  state: ChainState,
  header: BlockHeader,
  hash: Uint8Array,
  recent: ReadonlyMap<string, IndexedHeader> = new Map(),
): Promise<IndexedHeader> {
  const parent = recent.get(bytesToHex(header.prevHash)) ?? (await state.headers.find(header.prevHash))
  if (parent === undefined)
    throw new ChainError(
      'UNKNOWN_PARENT',
      `the parent of ${displayHash(hash)} is not known: send the headers before it`,
    )
  if (parent.invalid) throw new ChainError('INVALID_ANCESTOR', `${displayHash(hash)} builds on an invalid block`)
  checkHeaderInContext(header, {
    parent,
    medianTime: parent.medianTime,
    nowSeconds: Math.floor(state.clock.nowMs() / 1000),
    params: state.params,
  })
  return await state.headers.child(parent, header, { hash, params: state.params, recent })
}

async function storeHeaders(state: ChainState, nodes: readonly IndexedHeader[]): Promise<void> {
  const last = nodes.at(-1)
  if (last === undefined) return
  await insertHeaders(state.sql, nodes)
  for (const node of nodes) state.headers.remember(node)
  if (last.work > state.path.best.work) await state.path.follow(last)
  await pruneHeaders(state, nodes.length)
}
