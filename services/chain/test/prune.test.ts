import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { camelid, verify } from './admin.ts'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { longBranch } from './long-branch.ts'
import { snapshot } from './snapshot.ts'
import { exportFile, importFile } from './snapshot-file.ts'
import { offer, submitAll } from './submit.ts'

/** V + A of `local`, below which nothing may be dropped. */
const LEAST = 603

const failure = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: unknown) => (isCoded(error) ? `${error.code}: ${error.message}` : String(error)),
  )

test('a pruned node says what it dropped by name, keeps its state, reorganises, and hands on what it has', async () => {
  const branch = longBranch()
  const top = branch.tip.height
  const dropped = top - LEAST
  await using chain = await TestChain.start()
  const answers = await offer(
    chain,
    branch.blocks.map((block) => ({ block })),
  )
  assert.deepEqual(new Set(answers.map(({ code }) => code)), new Set(['']))
  const state = await verify(chain.client)
  assert.deepEqual([state.height, state.faults], [top, {}])

  const few = await camelid('chain', 'prune', '--keep', String(LEAST - 1), '--chain', chain.url)
  assert.deepEqual([few.code, /need 603 on local.*\[KEEP_TOO_FEW\]/.test(few.err)], [1, true])
  const pruned = await camelid('chain', 'prune', '--keep', String(LEAST), '--json', '--chain', chain.url)
  assert.deepEqual(JSON.parse(pruned.out), { height: dropped, dropped })
  assert.deepEqual(await verify(chain.client), state)
  await asPruned(chain, branch, dropped)
  assert.match(await failure(reindexOnce(chain)), /^PRUNED: every block is needed.*sync anew/)
  await chain.stop()
  const refused = chain.spawn({ REINDEX: 'on' })
  assert.equal(await refused.ended(), 1)
  assert.match(refused.output, /PRUNED/)
  await chain.start()
  assert.deepEqual(await verify(chain.client), state)

  await using other = await TestChain.start()
  const { file, summary } = await exportFile(chain.client)
  await importFile(other.client, file, summary.hash)
  assert.deepEqual(await verify(other.client), state)
  await asPruned(other, branch, dropped)
  assert.deepEqual(await snapshot(other), await snapshot(chain))
  const back = new Branch({ branch, height: top - 2 }).grow(3, 5)
  for (const one of [chain, other]) await submitAll(one.client, back.blocks.slice(top - 2))
  assert.deepEqual(await verify(other.client), await verify(chain.client))
  assert.equal(await other.height(), top + 1)
})

async function reindexOnce({ client }: TestChain): Promise<void> {
  for await (const _ of client.reindex({})) return
}

/** What lies at or below `dropped` is refused by name, what lies above is told. */
async function asPruned({ client }: TestChain, branch: Branch, dropped: number): Promise<void> {
  const { txid } = branch.reward(dropped).outpoint
  const node = branch.nodes[dropped] ?? assert.fail()
  const named = /^PRUNED: block [0-9a-f]{64} at height \d+ is needed, and this node dropped its blocks up to height \d+/
  assert.match(await failure(client.getBlock({ by: { case: 'height', value: dropped } })), named)
  assert.match(await failure(client.getBlock({ by: { case: 'hash', value: node.hash } })), named)
  assert.match(await failure(client.getProof({ txid })), named)
  assert.match(await failure(client.getTransaction({ txid })), named)
  assert.match(await failure(client.getOutput({ outpoint: { txid, index: 0 } })), named)
  const above = branch.reward(dropped + 1).outpoint
  assert.equal(await failure(client.getProof({ txid: above.txid })), 'answered')
  assert.equal(await failure(client.getBlock({ by: { case: 'height', value: dropped + 1 } })), 'answered')
}
