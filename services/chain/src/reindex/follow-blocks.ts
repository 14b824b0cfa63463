import { setImmediate } from 'node:timers/promises'
import { displayHash } from '@camelid/codec'
import { ConsensusError, checkBlockInIsolation } from '@camelid/consensus'
import { isCoded } from '@camelid/errors'
import { rememberInvalid } from '../chain/activate-best.ts'
import { loadBlock } from '../chain/block-cache.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { InvalidBlockError } from '../chain/invalid-block-error.ts'
import { reorganise } from '../chain/reorganise.ts'
import { ChainError } from '../chain-error.ts'
import type { Report } from '../progress/report.ts'
import { findBlock } from '../store/blocks.ts'
import { findCandidate, type IndexedHeader } from '../store/headers.ts'
import { findReindex, findRouteFork, forgetBlock, listRoute, planRoute } from '../store/reindex.ts'

/** Blocks connected in one transaction, at most; fewer where they are large. */
const STEP_BLOCKS = 50
const STEP_BYTES = 8 * 1024 * 1024

interface Options {
  readonly report: Report
  readonly signal: AbortSignal
}

/**
 * Connects the blocks that are here, from wherever the tables stand up to the branch with the most work, with all rules but the scripts of
 * blocks that held before. Nothing is announced. A block that breaks a rule is remembered; one whose bytes are damaged is forgotten, so that
 * it is asked for again. Runs in the writer.
 */
export async function followBlocks(state: ChainState, options: Options): Promise<void> {
  for (;;) {
    const target = await findCandidate(state.sql, state.tip.node.work)
    if (target === undefined) return
    await planRoute(state.sql, target.hash)
    await walk(state, target, options)
  }
}

/** Goes along the planned route up to its end, or to the first block that cannot be connected. */
async function walk(state: ChainState, target: IndexedHeader, { report, signal }: Options): Promise<void> {
  const trustedHeight = (await findReindex(state.sql))?.trustedHeight ?? -1
  for (let next = (await findRouteFork(state.sql)) + 1; next <= target.height; ) {
    signal.throwIfAborted()
    const step = await nextStep(state, next, trustedHeight)
    if (step === undefined) return
    try {
      await reorganise(state, step.last, { again: { scriptsHeld: ({ height }) => height < step.scriptsFrom } })
    } catch (error) {
      if (!(error instanceof InvalidBlockError)) throw error
      state.log.warn({ block: displayHash(error.node.hash), code: error.code }, error.message)
      await rememberInvalid(state, error.node)
      return
    }
    next = step.last.height + 1
    report({ stage: 'blocks', done: next, total: target.height + 1 })
  }
}

interface Step {
  /** The highest block of the step. */
  readonly last: IndexedHeader
  /** Scripts are run from this height up. */
  readonly scriptsFrom: number
}

/** As many blocks of the route as go into one transaction, each judged by itself. Undefined where the first of them is no good. */
async function nextStep(state: ChainState, from: number, trustedHeight: number): Promise<Step | undefined> {
  let last: IndexedHeader | undefined
  let scriptsFrom = from
  let bytes = 0
  for (const { height, hash, size, before } of await listRoute(state.sql, from, STEP_BLOCKS)) {
    bytes += size
    if (last !== undefined && bytes > STEP_BYTES) break
    await setImmediate()
    const node = await state.headers.require(hash)
    if (!(await isGood(state, node))) break
    last = node
    if (before && height <= trustedHeight && scriptsFrom === height) scriptsFrom = height + 1
  }
  return last === undefined ? undefined : { last, scriptsFrom }
}

/** Whether the block stands by itself; where it does not it is forgotten or remembered as invalid. */
async function isGood(state: ChainState, node: IndexedHeader): Promise<boolean> {
  try {
    const raw = await findBlock(state.sql, node.hash)
    if (raw === undefined) throw new ChainError('BLOCK_NOT_FOUND', 'the bytes of the block are not here')
    // Not what memory may still hold of it: the bytes of the disk are judged.
    const loaded = loadBlock(raw)
    checkBlockInIsolation(loaded.block, state.params)
    state.blocks.remember(node.hash, loaded)
    return true
  } catch (error) {
    if (!isCoded(error)) throw error
    if (!(error instanceof ConsensusError) || DAMAGE.has(error.code)) {
      state.log.warn(
        { block: displayHash(node.hash), code: error.code },
        'a stored block is damaged: it is asked for again',
      )
      await forgetBlock(state.sql, node.hash)
      state.headers.clear()
    } else {
      await rememberInvalid(state, node)
    }
    return false
  }
}

/** Bytes that are not the header's say nothing of the block that the header stands for. */
const DAMAGE: ReadonlySet<string> = new Set(['BAD_MERKLE_ROOT', 'MUTATED_MERKLE_TREE'])
