import { concatBytes, sha256d } from '@camelid/crypto'

/** The sibling hashes from leaf `position` up to the root: with them a light client checks that a transaction is in a block. */
export function merkleBranch(txids: readonly Uint8Array[], position: number): Uint8Array[] {
  if (!Number.isInteger(position) || position < 0 || position >= txids.length) {
    throw new RangeError(`no leaf ${position} among ${txids.length}`)
  }
  const branch: Uint8Array[] = []
  let row = txids
  let at = position
  while (row.length > 1) {
    const above: Uint8Array[] = []
    for (let i = 0; i < row.length; i += 2) {
      const left = row[i]
      const right = row[i + 1] ?? left
      if (left === undefined || right === undefined) throw new RangeError('a merkle row has a hole')
      if (i === (at & ~1)) branch.push(at % 2 === 0 ? right : left)
      above.push(sha256d(concatBytes(left, right)))
    }
    row = above
    at >>>= 1
  }
  return branch
}

/**
 * The root that `branch` leads to from `leaf` at `position`, or null where no tree has that shape: more than 32 levels, or a position
 * outside the tree. The caller compares it with a header's merkle root, and knows that `leaf` is the id of a whole transaction (an inner
 * node's 64 bytes must not pass for one: decode the transaction, do not trust an id alone).
 */
export function merkleRootFromBranch(
  leaf: Uint8Array,
  branch: readonly Uint8Array[],
  position: number,
): Uint8Array | null {
  if (branch.length > 32 || !Number.isInteger(position) || position < 0 || position >= 2 ** branch.length) return null
  let hash = leaf
  let at = position
  for (const sibling of branch) {
    hash = sha256d(at % 2 === 0 ? concatBytes(hash, sibling) : concatBytes(sibling, hash))
    at = Math.floor(at / 2)
  }
  return hash
}
