import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opReturnScript } from '@camelid/consensus'
import { isCoded } from '@camelid/errors'
import { inDatabase, verify } from './admin.ts'
import { Branch, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { canHaveSmallDisk, startSmallDisk } from './small-disk.ts'
import { offer, submitAll } from './submit.ts'

const code = (error: unknown) => (isCoded(error) ? error.code : String(error))

/** Its last block takes 40 kB: no table has room for it without growing. */
function branchWithBigBlock(): Branch {
  const branch = new Branch().grow(8)
  const coin = branch.reward(1)
  const data = { value: 0n, scriptPubKey: opReturnScript(new Uint8Array(500).fill(7)) }
  const big = spend({ from: [coin], to: [toPayee(coin.value), ...Array.from({ length: 75 }, () => data)] })
  branch.add([big])
  return branch
}

/** The last block is refused for want of room while everything is still told; with room again it goes in. */
async function holdsOut(
  chain: TestChain,
  branch: Branch,
  disk: { fill: () => Promise<void>; empty: () => Promise<void> },
) {
  await submitAll(chain.client, branch.blocks.slice(0, -1))
  const last = branch.blocks.at(-1) ?? assert.fail()
  await disk.fill()
  for (let tries = 0; tries < 3; tries++)
    assert.equal(await chain.client.submitBlock({ block: last }).then(() => 'taken', code), 'DISK_FULL')
  const asked = offer(chain, [{ block: last }])
  // A peer is not blamed: the stream ends, and the block will be offered again.
  assert.equal(await asked.then(() => 'judged', code), 'DISK_FULL')
  assert.equal(await chain.height(), 8)
  const { block } = await chain.client.getBlock({ by: { case: 'height', value: 8 } })
  assert.deepEqual(Buffer.from(block), Buffer.from(branch.blocks[7] ?? []))
  assert.match(chain.output, /DISK_FULL.*the disk of PostgreSQL is full: make room on it/)
  const { pid } = chain
  await disk.empty()
  await submitAll(chain.client, [last])
  assert.deepEqual([await chain.height(), chain.pid], [9, pid])
  assert.deepEqual((await verify(chain.client)).faults, {})
}

test('a database that says its disk is full stops the chain by name, not the service', async () => {
  await using chain = await TestChain.start()
  const sql = (text: string) => inDatabase(chain.databaseUrl, text)
  await holdsOut(chain, branchWithBigBlock(), {
    fill: async () => {
      await sql(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`)
      await sql('CREATE TRIGGER full_disk BEFORE INSERT ON blocks EXECUTE FUNCTION full_disk()')
    },
    empty: async () => {
      await sql('DROP TRIGGER full_disk ON blocks')
    },
  })
})

test('a disk that is really full does the same, where this machine lets a test have one', async (t) => {
  if (!canHaveSmallDisk()) {
    t.diagnostic('NOT RUN: this machine gives a process no file system of its own (unshare --user --mount)')
    return
  }
  await using disk = await startSmallDisk()
  await using chain = await TestChain.start({ DATABASE_URL: disk.url })
  await holdsOut(chain, branchWithBigBlock(), disk)
  await chain.stop()
})
