import { displayHash } from '@camelid/codec'
import { findCandidate, findMostWork, type IndexedHeader, markInvalid } from '../store/headers.ts'
import { afterTipChange } from './after-tip-change.ts'
import type { ChainState } from './chain-state.ts'
import { findRoute } from './find-route.ts'
import { InvalidBlockError } from './invalid-block-error.ts'
import { reorganise } from './reorganise.ts'

/** Moves the tip until no complete and valid branch has more work. Runs in the writer. */
export async function activateBest(state: ChainState): Promise<void> {
  for (;;) {
    const candidate = await findCandidate(state.sql, state.tip.node.work)
    if (candidate === undefined) return
    const { off, on } = await findRoute(state, candidate)
    if (off.length > 0)
      state.log.info(
        { height: candidate.height, off: off.length, on: on.length },
        'a branch with more work: reorganising',
      )
    const { work } = state.tip.node
    // A long way is gone in many transactions, but each of them ends with more work than there was.
    await follow(
      state,
      on.filter((node) => node.work > work),
    )
  }
}

/** Moves the tip to one block after the other, up to the first that breaks the rules. */
async function follow(state: ChainState, steps: readonly IndexedHeader[]): Promise<void> {
  try {
    for (const node of steps) await afterTipChange(state, await reorganise(state, node))
  } catch (error) {
    if (!(error instanceof InvalidBlockError)) throw error
    state.log.warn({ block: displayHash(error.node.hash), code: error.code }, error.message)
    await rememberInvalid(state, error.node)
  }
}

/** One query: the block and all on top of it are never tried again. */
export async function rememberInvalid(state: ChainState, node: IndexedHeader): Promise<void> {
  state.headers.update(await markInvalid(state.sql, node.hash), { invalid: true })
  const best = await findMostWork(state.sql)
  if (best !== undefined) await state.path.follow(best)
}
