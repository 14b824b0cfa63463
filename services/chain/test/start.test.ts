import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { openStore } from '@camelid/store'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { offer, submitAll } from './submit.ts'

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }

async function inDatabase(url: string, change: string): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  const migrations = new URL('../migrations/', import.meta.url)
  await using store = await openStore({ url, schema: 'chain', migrations, log, signal })
  await store.sql.unsafe(change)
}

test('a database of another network, another genesis or a newer release is refused by name, with the fix', async () => {
  await using chain = await TestChain.start()
  await chain.stop()
  const started = async (env: Record<string, string> = {}) => {
    const service = chain.spawn(env)
    assert.equal(await service.ended(), 1)
    return service.output
  }
  assert.match(await started({ NETWORK: 'test' }), /WRONG_NETWORK|set NETWORK=local/)
  await inDatabase(chain.databaseUrl, `UPDATE network SET genesis_hash = decode(repeat('ab', 32), 'hex')`)
  assert.match(await started(), /another genesis block/)
  await inDatabase(
    chain.databaseUrl,
    "INSERT INTO migrations (version, name, sha256) VALUES (9999, '9999_later.sql', repeat('0', 64))",
  )
  const newer = await started()
  assert.match(newer, /NEWER_SCHEMA/)
  assert.match(newer, /is at version 9999 .* run the newer release, or start with an empty database/)
  assert.match(await started({ CLOCK_OFFSET_MS: '5', NETWORK: 'main' }), /CLOCK_OFFSET_MS/)
  assert.match(await started({ CONTEST_WINDOW_S: '7', NETWORK: 'main' }), /CONTEST_WINDOW_S/)
  assert.match(await started({ DATABASE_URL: 'mysql://x' }), /DATABASE_URL/)
})

test('a clock that is behind is said to be: without it no block can be taken', async () => {
  await using chain = await TestChain.start({ CLOCK_OFFSET_MS: '-7200000' })
  const [header] = new Branch().grow(1).blocks
  const [answer] = await offer(chain, [{ headers: header?.slice(0, 80) ?? assert.fail() }])
  assert.deepEqual([answer?.code, answer?.score, answer?.outcome], ['TIME_TOO_NEW', 0, Outcome.IGNORE])
  const said = /ahead of our clock: set the clock of this machine/
  for (let tries = 0; tries < 100 && !said.test(chain.output); tries++) await delay(50)
  assert.match(chain.output, said)
})

test('the stream may be away for a while: the chain goes on, and its events follow', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(3)
  await chain.nats.kill()
  await submitAll(chain.client, branch.blocks)
  assert.equal(await chain.height(), 3)
  await chain.nats.start()
  for (;;) {
    const signal = AbortSignal.timeout(20_000)
    const migrations = new URL('../migrations/', import.meta.url)
    await using store = await openStore({ url: chain.databaseUrl, schema: 'chain', migrations, log, signal })
    const [row] = await store.sql<{ waiting: bigint }[]>`SELECT count(*) AS waiting FROM outbox`
    if (row?.waiting === 0n) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
})
