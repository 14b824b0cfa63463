import { readFileSync } from 'node:fs'
import { Branch, params } from './branch.ts'

/** Nonces of 640 empty blocks, u32 little-endian each: a branch longer than what a node may be pruned to, without the minutes of work. */
const NONCES = new URL('./long-branch.nonces', import.meta.url)

/** The same branch at every run: its times follow genesis. */
export function longBranch(): Branch {
  const nonces = readFileSync(NONCES)
  const branch = new Branch()
  for (let i = 0; i < nonces.length / 4; i++) {
    const time = params.genesis.header.time + 1_000 + i
    branch.add([], { time, nonce: nonces.readUInt32LE(4 * i) })
  }
  return branch
}
