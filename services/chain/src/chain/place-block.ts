import { equalBytes } from '@camelid/crypto'
import type { TransactionSql } from '@camelid/store'
import { insertBlock } from '../store/blocks.ts'
import { type IndexedHeader, insertHeaders, linkBranch } from '../store/headers.ts'
import { activateBest, rememberInvalid } from './activate-best.ts'
import { afterTipChange } from './after-tip-change.ts'
import type { LoadedBlock } from './block-cache.ts'
import type { ChainState } from './chain-state.ts'
import { InvalidBlockError } from './invalid-block-error.ts'
import { reorganise } from './reorganise.ts'

/** A block that holds by itself, and its header in its place. */
export interface JudgedBlock {
  readonly node: IndexedHeader
  readonly loaded: LoadedBlock
  /** Whether its header is in the database. */
  readonly isStored: boolean
}

type Linked = readonly { readonly hash: Uint8Array; readonly height: number }[]

/**
 * Stores a block, and connects it where it builds on the tip: all of that in one transaction. The tip moves to the branch with the most work.
 * @throws InvalidBlockError
 */
export async function placeBlock(state: ChainState, judged: JudgedBlock): Promise<void> {
  const { node } = judged
  const parent = await state.headers.parentOf(node)
  const placed: IndexedHeader = { ...node, hasBlock: true, linked: parent.linked }
  if (equalBytes(parent.hash, state.tip.node.hash)) {
    try {
      await placeOnTip(state, [judged])
    } catch (error) {
      await rememberBroken(state, node, error)
    }
    return
  }
  let linked: Linked = []
  await state.sql.begin(async (sql) => {
    linked = await store(sql, [judged], parent.linked)
  })
  remember(state, [placed], linked)
  if (node.work > state.path.best.work) await state.path.follow(placed)
  await activateBest(state)
}

/**
 * One transaction: stores blocks, each on top of the one before and the first on the tip, and connects them.
 * @throws InvalidBlockError where one of them breaks a rule; then nothing has changed
 */
export async function placeOnTip(state: ChainState, judged: readonly JudgedBlock[]): Promise<void> {
  const blocks = judged.map(({ node, loaded }) => ({ node: { ...node, hasBlock: true, linked: true }, loaded }))
  const nodes = blocks.map(({ node }) => node)
  const last = nodes.at(-1)
  if (last === undefined) return
  let linked: Linked = []
  const change = await reorganise(state, last, {
    blocks,
    before: async (sql) => {
      linked = await store(sql, judged, true)
    },
  })
  remember(state, nodes, linked)
  await afterTipChange(state, change)
  if (last.work > state.path.best.work) await state.path.follow(last)
  // No other branch has more work than the tip, unless blocks that waited for these are complete now.
  if (linked.length > judged.length) await activateBest(state)
}

/** Statements sent together, in an order that counts: a block is noted at its header, and a branch is linked as far as its blocks are here. */
async function store(sql: TransactionSql, judged: readonly JudgedBlock[], link: boolean): Promise<Linked> {
  const unknown = judged.filter(({ isStored }) => !isStored).map(({ node }) => node)
  const [first] = judged
  const statements = [
    insertHeaders(sql, unknown),
    ...judged.map(({ node, loaded }) => insertBlock(sql, node.hash, loaded.raw)),
  ]
  const linked = link && first !== undefined ? linkBranch(sql, first.node.hash) : Promise.resolve([])
  await Promise.all([...statements, linked])
  return await linked
}

function remember(state: ChainState, placed: readonly IndexedHeader[], linked: Linked): void {
  for (const node of placed) state.headers.remember(node)
  state.headers.update(
    linked.map((header) => header.hash),
    { linked: true },
  )
  state.path.linked(linked)
  state.unlinked = Math.max(0, state.unlinked - linked.length)
}

/** Remembers a block that broke the rules, and throws what is wrong with it. */
export async function rememberBroken(state: ChainState, node: IndexedHeader, error: unknown): Promise<never> {
  const blamed = InvalidBlockError.blame(node, error)
  if (blamed instanceof InvalidBlockError) {
    await insertHeaders(state.sql, [node])
    await rememberInvalid(state, node)
  }
  throw blamed
}
