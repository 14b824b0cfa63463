import assert from 'node:assert/strict'
import { test } from 'node:test'
import { displayHash, encodeAddress, txid } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { camelid } from './admin.ts'
import { Branch, PAYEE, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { ledgerOf } from './ledger.ts'
import { growAtRandom, seeded } from './random-branch.ts'
import { submitAll } from './submit.ts'
import { inChainDatabase } from './tables.ts'

const withCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code

/** All of an address's history by pages, the newest first, as a ledger has it. */
async function pages({ client }: TestChain, h2: Uint8Array, limit: number): Promise<string[]> {
  const found: string[] = []
  for (let before: { height: number; position: number } | undefined; ; ) {
    const page = await client.getAddressHistory({ h2, limit, ...(before === undefined ? {} : { before }) })
    assert.ok(page.entries.length <= limit)
    for (const { txid, height, position, received, sent } of page.entries) {
      found.push([bytesToHex(h2), height, position, bytesToHex(txid), received, sent].join(' '))
      before = { height, position }
    }
    if (!page.more) return found
  }
}

const places = (rows: readonly string[]) => rows.map((row) => row.split(' ').slice(1, 3).map(Number))

const historyOf = (branch: Branch, h2: Uint8Array) =>
  ledgerOf(branch.blocks).history.filter((row) => row.startsWith(bytesToHex(h2)))

test('an address has the history of the best chain, page by page, also after a reorganisation and in an older database', async () => {
  const random = seeded(11)
  await using chain = await TestChain.start()
  const first = new Branch().grow(6)
  growAtRandom(first, 6, random)
  await submitAll(chain.client, first.blocks)
  const addresses = [PAYEE, ...[1, 2, 3].map((byte) => new Uint8Array(20).fill(byte))]
  const check = async (branch: Branch, limit: number) => {
    for (const h2 of addresses) {
      const rows = await pages(chain, h2, limit)
      assert.deepEqual(rows.toSorted(), historyOf(branch, h2))
      const sorted = places(rows).toSorted(([a = 0, b = 0], [c = 0, d = 0]) => c - a || d - b)
      assert.deepEqual(places(rows), sorted)
    }
  }
  await check(first, 4)
  const second = new Branch({ branch: first, height: 8 })
  growAtRandom(second, 6, random)
  await submitAll(chain.client, second.blocks.slice(8))
  await check(second, 1_000)

  // As an older release left it: nothing filed yet.
  await chain.stop()
  await inChainDatabase(chain.databaseUrl, async (sql) => {
    await sql`TRUNCATE address_history`
    await sql`INSERT INTO history_backfill (next_height) VALUES (1)`
  })
  await chain.start()
  await check(second, 3)
  const empty = await chain.client.getAddressHistory({ h2: new Uint8Array(20).fill(99) })
  assert.deepEqual([empty.entries.length, empty.more, empty.tipHeight], [0, false, 14])
  await assert.rejects(chain.client.getAddressHistory({ h2: new Uint8Array(3) }), withCode('BAD_REQUEST'))
  const before = { height: 4_000_000_000, position: 0 }
  await assert.rejects(chain.client.getAddressHistory({ h2: PAYEE, before }), withCode('BAD_REQUEST'))
})

test('a person asks what an address holds and what came and went', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(7)
  const coin = branch.reward(1)
  const moved = spend({ from: [coin], to: [toPayee(coin.value)] })
  branch.add([moved])
  await submitAll(chain.client, branch.blocks)
  const ask = (...args: string[]) => camelid('chain', 'address', ...args, '--chain', chain.url)

  const { out } = await ask(encodeAddress(PAYEE), '--limit', '2', '--json')
  const { balance, coins, tipHeight, entries, more } = JSON.parse(out)
  const rewards = branch.coinbases.reduce((sum, { vout }) => sum + (vout[0]?.value ?? 0n), 0n)
  assert.deepEqual([BigInt(balance), coins, tipHeight, more], [rewards, 8, 8, true])
  const [newest] = entries
  assert.deepEqual(newest, {
    txid: displayHash(txid(moved)),
    height: 8,
    received: `${coin.value}`,
    sent: `${coin.value}`,
  })
  assert.match((await ask(encodeAddress(PAYEE))).out, /balance +\d.* coins in 8 outputs[\s\S]*height +change/)
  assert.match((await ask(encodeAddress(new Uint8Array(20)))).out, /no transaction of it was mined yet/)
  assert.deepEqual([(await ask('1abc')).code, (await ask(encodeAddress(PAYEE), '--limit', '0')).code], [2, 2])
})
