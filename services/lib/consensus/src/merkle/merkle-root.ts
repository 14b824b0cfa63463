import { concatBytes, equalBytes, sha256d } from '@camelid/crypto'

/**
 * Bitcoin's merkle root of transaction ids (at least one), and whether the list may be a mutation of a shorter one: an odd row repeats
 * its last hash, so a list that really ends in two equal halves has the root of another list (CVE-2012-2459). Such a block is refused
 * without its hash being marked invalid, since the unmutated block has the same hash.
 */
export function merkleRoot(txids: readonly Uint8Array[]): { root: Uint8Array; mutated: boolean } {
  let row = txids
  let mutated = false
  while (row.length > 1) {
    const above: Uint8Array[] = []
    for (let i = 0; i < row.length; i += 2) {
      const left = hashAt(row, i)
      const hasRight = i + 1 < row.length
      const right = hasRight ? hashAt(row, i + 1) : left
      if (hasRight && equalBytes(left, right)) mutated = true
      above.push(sha256d(concatBytes(left, right)))
    }
    row = above
  }
  return { root: hashAt(row, 0), mutated }
}

function hashAt(row: readonly Uint8Array[], index: number): Uint8Array {
  const hash = row[index]
  if (hash === undefined) throw new RangeError('a merkle tree needs at least one leaf')
  return hash
}
