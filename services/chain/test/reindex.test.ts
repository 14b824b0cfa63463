import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { inDatabase, reindex, verify } from './admin.ts'
import { announced } from './announced.ts'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { richBranch } from './rich-branch.ts'
import { snapshot } from './snapshot.ts'
import { submitAll } from './submit.ts'
import { inChainDatabase } from './tables.ts'

const code = (error: unknown) => (isCoded(error) ? error.code : String(error))

test('a reindex ends where it began, to the byte, and announces nothing', async () => {
  const branch = richBranch()
  await using chain = await TestChain.start()
  await submitAll(chain.client, new Branch({ branch, height: 7 }).grow(4, 3).blocks)
  await submitAll(chain.client, branch.blocks)
  const [state, before, told] = [await verify(chain.client), await snapshot(chain), await announced(chain)]
  for (const full of [false, true]) {
    assert.equal(await reindex(chain.client, full), branch.tip.height)
    assert.deepEqual(await verify(chain.client), state)
    assert.deepEqual(await snapshot(chain), before)
  }
  assert.deepEqual(await announced(chain), told)
  // The chain goes on from there, the side branch included.
  await submitAll(chain.client, new Branch({ branch, height: branch.tip.height }).grow(1).blocks)
  assert.equal(await chain.height(), branch.tip.height + 1)
})

test('a database too damaged to start on is mended at start, and one interrupted in the middle goes on', async () => {
  const branch = richBranch()
  await using chain = await TestChain.start()
  await submitAll(chain.client, branch.blocks)
  const state = await verify(chain.client)
  await chain.stop()
  await inDatabase(chain.databaseUrl, 'TRUNCATE tip, utxos, utxo_state, undo, bonds, settlements, transactions')
  await inDatabase(chain.databaseUrl, 'DELETE FROM headers WHERE height = 4')
  const refused = chain.spawn()
  assert.equal(await refused.ended(), 1)
  assert.match(refused.output, /CORRUPT_DATABASE/)

  await chain.start({ REINDEX: 'on' })
  assert.deepEqual(await verify(chain.client), state)
  await chain.stop()

  // As killed in the middle: held up right after it began, its mark is all that the tables have beside genesis.
  await chain.start()
  await holding(chain.databaseUrl, 'reindex_route', async () => {
    const running = reindex(chain.client).catch(code)
    for (;;) {
      const [mark] = await inDatabase<{ announced_height: number }>(chain.databaseUrl, 'SELECT * FROM reindex')
      if (mark?.announced_height === branch.tip.height) break
    }
    assert.equal(await chain.client.getTip({}).then(() => 'told', code), 'REINDEXING')
    await chain.stop('SIGKILL')
    await running
  })
  await chain.start()
  assert.deepEqual(await verify(chain.client), state)
  assert.deepEqual(await inDatabase(chain.databaseUrl, 'SELECT * FROM reindex'), [])
})

test('blocks that are lost or spoilt are told of as a reorganisation, and taken when they come again', async () => {
  const branch = new Branch().grow(12)
  await using chain = await TestChain.start()
  await submitAll(chain.client, branch.blocks)
  const state = await verify(chain.client)
  await inDatabase(
    chain.databaseUrl,
    'UPDATE blocks SET raw = set_byte(raw, 140, get_byte(raw, 140) # 1) WHERE hash = (SELECT hash FROM best_chain WHERE height = 9)',
  )
  assert.equal(await reindex(chain.client), 8)
  const { chainNow } = await announced(chain)
  assert.equal(chainNow.length, 9)
  await submitAll(chain.client, branch.blocks)
  assert.deepEqual(await verify(chain.client), state)
  assert.equal((await announced(chain)).chainNow.length, 13)
})

/** Keeps everybody else off a table for the time of `work`. */
async function holding(url: string, table: string, work: () => Promise<void>): Promise<void> {
  await inChainDatabase(url, async (sql) => {
    await sql.begin(async (held) => {
      await held.unsafe(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
      await work()
    })
  })
}
