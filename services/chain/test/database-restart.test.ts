import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestPostgres } from '@camelid/local/testing'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { submitAll } from './submit.ts'

const code = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)

test('the database may crash and come back: the same process goes on where the database stands', async () => {
  await using stack = new AsyncDisposableStack()
  const postgres = await startTestPostgres()
  stack.defer(() => postgres.stop())
  const { url } = await postgres.createDatabase()
  await using chain = await TestChain.start({ DATABASE_URL: url })
  const branch = new Branch().grow(8)
  await submitAll(chain.client, branch.blocks.slice(0, 3))
  const { pid } = chain
  await postgres.kill()
  const away = (error: unknown) => code(error) === 'UNAVAILABLE'
  await assert.rejects(chain.client.submitBlock({ block: branch.blocks[3] ?? new Uint8Array() }), away)
  await assert.rejects(chain.client.listBonds({}), away)
  await postgres.start()
  // The test server may lose its last commits: a node that stands lower is sent the blocks again.
  for (let tries = 0; (await submitted(chain, branch)) !== true; tries++) {
    assert.ok(tries < 200, chain.output)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.equal(await chain.height(), 8)
  assert.equal(chain.pid, pid)
  await chain.stop()
})

async function submitted(chain: TestChain, { blocks }: Branch): Promise<boolean> {
  try {
    await submitAll(chain.client, blocks)
    return true
  } catch (error) {
    assert.equal(code(error), 'UNAVAILABLE')
    return false
  }
}
