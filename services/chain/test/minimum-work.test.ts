import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { encodeHeader } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { TestChain } from './harness.ts'
import { longBranch } from './long-branch.ts'
import { offer } from './submit.ts'

const branch = longBranch()
const headers = (from: number, to: number) => ({
  headers: Buffer.concat(branch.nodes.slice(from, to + 1).map(({ header }) => encodeHeader(header))),
})
const hash = (height: number): string => bytesToHex(branch.nodes[height]?.hash ?? new Uint8Array())
/** As much as the header at this height has. */
const ENOUGH = 300

let chain: TestChain

before(async () => {
  const work = branch.nodes[ENOUGH]?.work ?? 0n
  chain = await TestChain.start({ MINIMUM_CHAIN_WORK: `0x${work.toString(16)}` })
})

after(() => chain[Symbol.asyncDispose]())

test('no block is wanted before there is a header with the minimum of work, and then all from the lowest up', async () => {
  const [first] = await offer(chain, [headers(1, ENOUGH - 1)])
  assert.deepEqual([first?.code, first?.wanted.length], ['', 0])
  const before = await chain.client.getSyncState({ maxWanted: 1_000 })
  assert.deepEqual([before.bestHeight, before.wanted.length], [ENOUGH - 1, 0])
  const [second] = await offer(chain, [headers(ENOUGH, 400)])
  assert.equal(bytesToHex(second?.wanted[0] ?? new Uint8Array()), hash(1))
  const state = await chain.client.getSyncState({ maxWanted: 1_000, withLocator: true })
  assert.deepEqual([state.wanted.length, state.wantedHeights[0], state.wantedHeights.at(-1)], [400, 1, 400])
  assert.equal(bytesToHex(state.bestHash), hash(400))
  // From the best header back, genesis last, and not all of them.
  const locator = state.locator.map(bytesToHex)
  assert.deepEqual(locator.slice(0, 3), [hash(400), hash(399), hash(398)])
  assert.equal(locator.at(-1), hash(0))
  assert.ok(locator.length < 40)
})

test('headers say how high they are, and whether they lie on the way to the best one', async () => {
  const answers = []
  for await (const answer of chain.client.accept(
    (async function* () {
      yield { id: 1n, peer: new Uint8Array(20), object: { case: 'headers' as const, value: headers(5, 9).headers } }
    })(),
  ))
    answers.push([answer.height, answer.onBestPath])
  assert.deepEqual(answers, [[9, true]])
})
