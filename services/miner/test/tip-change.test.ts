import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { StandInChain } from './stand-in-chain.ts'
import { startWatchedMiner } from './watched-miner.ts'

const LIMIT_MS = 30_000

test('at a new tip the threads rest until its template is there; news of the same tip does not disturb them', async () => {
  await using chain = new StandInChain()
  const url = await chain.start()
  let hashed = 0
  await using _ = startWatchedMiner({ url, threads: 1, onHashed: (count) => (hashed += count) })
  const moreHashes = async () => {
    const before = hashed
    await until('the miner hashes', () => hashed > before)
  }
  await moreHashes()

  const { promise, resolve: release } = Promise.withResolvers<void>()
  chain.hold = promise
  chain.tell()
  await moreHashes()
  await moreHashes()

  chain.moveTip()
  await until('the miner rests', async () => {
    const before = hashed
    await setTimeout(100)
    return hashed === before
  })
  release()
  await moreHashes()
  assert.ok(chain.templates >= 2)
})

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_MS
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${LIMIT_MS} ms: ${what}`)
    await setTimeout(5)
  }
}
