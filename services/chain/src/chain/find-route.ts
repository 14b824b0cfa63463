import { equalBytes } from '@camelid/crypto'
import type { IndexedHeader } from '../store/headers.ts'
import type { ChainState } from './chain-state.ts'

export interface Route {
  /** Blocks to take off, the tip first. */
  readonly off: readonly IndexedHeader[]
  /** Blocks to put on, the lowest first. */
  readonly on: readonly IndexedHeader[]
}

/** The way from the tip to `target` through their last common block. */
export async function findRoute(
  { headers, tip }: Pick<ChainState, 'headers' | 'tip'>,
  target: IndexedHeader,
): Promise<Route> {
  const off: IndexedHeader[] = []
  const on: IndexedHeader[] = []
  let a = tip.node
  let b = target
  while (!equalBytes(a.hash, b.hash)) {
    if (a.height >= b.height) {
      off.push(a)
      a = await headers.parentOf(a)
    } else {
      on.push(b)
      b = await headers.parentOf(b)
    }
  }
  return { off, on: on.reverse() }
}
