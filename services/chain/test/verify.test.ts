import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { camelid, inDatabase, reindex, verify } from './admin.ts'
import { announced } from './announced.ts'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { richBranch } from './rich-branch.ts'
import { submitAll } from './submit.ts'

const branch = richBranch()
let chain: TestChain

before(async () => {
  chain = await TestChain.start()
  await submitAll(chain.client, branch.blocks)
})
after(() => chain[Symbol.asyncDispose]())

test('two ways to the same tip give the same hash, another tip gives another', async () => {
  await using other = await TestChain.start()
  const detour = new Branch({ branch, height: 8 }).grow(3, 7)
  await submitAll(other.client, detour.blocks)
  const before = await verify(other.client)
  assert.deepEqual([before.height, before.faults], [11, {}])
  await submitAll(other.client, branch.blocks)
  const [one, two] = [await verify(chain.client), await verify(other.client)]
  assert.deepEqual(one, two)
  assert.deepEqual([one.height, one.faults], [branch.tip.height, {}])
  assert.match(one.hash, /^[0-9a-f]{64}$/)
  assert.notEqual(one.hash, before.hash)
})

/** Each damages one table behind the service's back. */
const DAMAGES: readonly (readonly [damage: string, check: string, code: string])[] = [
  ['DELETE FROM utxos WHERE outpoint = (SELECT max(outpoint) FROM utxos)', 'supply', 'WRONG_SUPPLY'],
  ['UPDATE utxos SET value = value + 1 WHERE height = 13', 'supply', 'WRONG_SUPPLY'],
  ["UPDATE utxos SET h2 = decode(repeat('77', 20), 'hex') WHERE height = 13", 'coins', 'INDEX_MISMATCH'],
  [
    `INSERT INTO utxos (outpoint, value, script, height, coinbase)
     SELECT txid || decode('00000000', 'hex'), 5, decode('51', 'hex'), 1, true FROM transactions WHERE height = 1 AND position = 0`,
    'coins spent',
    'SPENT_COIN',
  ],
  ['DELETE FROM settlements', 'settlements', 'SETTLEMENT_MISMATCH'],
  [
    "INSERT INTO settlements SELECT outpoint, job_id, decode(repeat('11', 20), 'hex'), height FROM settlements",
    'settlements',
    'SETTLEMENT_MISMATCH',
  ],
  ['UPDATE bonds SET spent_height = 12', 'bonds', 'BOND_MISMATCH'],
  ['DELETE FROM transactions WHERE height = 4', 'transactions', 'INDEX_MISMATCH'],
  ["INSERT INTO transactions VALUES (decode(repeat('22', 32), 'hex'), 5, 3)", 'transactions', 'INDEX_MISMATCH'],
  ['DELETE FROM address_history WHERE height = 4', 'history', 'INDEX_MISMATCH'],
  ['UPDATE address_history SET sent = sent + 1 WHERE height = 5', 'history', 'INDEX_MISMATCH'],
  ["INSERT INTO address_history VALUES (decode(repeat('33', 20), 'hex'), 5, 0, '', 1, 0)", 'history', 'INDEX_MISMATCH'],
  ['DELETE FROM undo WHERE hash = (SELECT hash FROM best_chain WHERE height = 10)', 'undo', 'UNDO_MISSING'],
  ["UPDATE undo SET raw = decode('00', 'hex') WHERE length(raw) > 1", 'undo', 'UNDO_MISMATCH'],
  ['UPDATE undo SET raw = substring(raw FOR length(raw) - 1) WHERE length(raw) > 1', 'undo', 'UNDO_MISMATCH'],
  ['DELETE FROM blocks WHERE hash = (SELECT hash FROM best_chain WHERE height = 6)', 'undo', 'BLOCK_MISSING'],
  [
    'UPDATE blocks SET raw = set_byte(raw, 140, get_byte(raw, 140) # 1) WHERE hash = (SELECT hash FROM best_chain WHERE height = 7)',
    'undo',
    'BLOCK_DAMAGED',
  ],
  ["UPDATE headers SET work = decode(repeat('00', 31) || '01', 'hex') WHERE height = 5", 'chain', 'WRONG_WORK'],
  ['UPDATE headers SET median_time = median_time + 1 WHERE height = 5', 'chain', 'HEADER_DAMAGED'],
  ['UPDATE headers SET header = set_byte(header, 70, get_byte(header, 70) # 1) WHERE height = 5', 'chain', ''],
  ['DELETE FROM headers WHERE height = 5', 'chain', 'HEADER_MISSING'],
  ['DELETE FROM best_chain WHERE height = 5', 'chain', 'BROKEN_CHAIN'],
  ['DELETE FROM best_chain WHERE height = (SELECT max(height) FROM best_chain)', 'chain', 'WRONG_TIP'],
]

test('damage to any table is found by name, and a reindex mends all but lost blocks', async () => {
  const sound = await verify(chain.client)
  for (const [damage, check, code] of DAMAGES) {
    await inDatabase(chain.databaseUrl, damage)
    const { faults } = await verify(chain.client)
    assert.ok(check in faults, `${damage}: ${JSON.stringify(faults)}`)
    if (code !== '') assert.equal(faults[check], code, damage)
    await reindex(chain.client)
    // A block that is gone is sent again, as peers do.
    await submitAll(chain.client, branch.blocks)
    assert.deepEqual(await verify(chain.client), sound, damage)
  }
  const { chainNow } = await announced(chain)
  assert.deepEqual([chainNow.length - 1, chainNow.at(-1)], [branch.tip.height, bytesToHex(branch.tip.hash)])
})

test('camelid chain verify prints each check and the hash, and exits 1 with the name of what is wrong', async () => {
  const { hash } = await verify(chain.client)
  const good = await camelid('chain', 'verify', '--chain', chain.url)
  assert.equal(good.code, 0, good.err)
  assert.match(good.out, /^ok {4}chain .* headers from genesis to the tip/m)
  assert.match(good.out, new RegExp(`^hash    ${hash}$`, 'm'))
  const json = JSON.parse((await camelid('chain', 'verify', '--json', '--chain', chain.url)).out)
  assert.deepEqual([json.ok, json.hash, json.height], [true, hash, branch.tip.height])
  assert.equal(json.tipHash, bytesToHex(branch.tip.hash.toReversed()))
  await inDatabase(chain.databaseUrl, 'DELETE FROM settlements')
  const bad = await camelid('chain', 'verify', '--chain', chain.url)
  assert.equal(bad.code, 1)
  assert.match(bad.out, /^BAD {3}settlements +SETTLEMENT_MISMATCH: /m)
  assert.match(bad.err, /SETTLEMENT_MISMATCH.*camelid chain reindex.*VERIFY_FAILED/)
  const mended = await camelid('chain', 'reindex', '--full', '--chain', chain.url)
  assert.equal(mended.code, 0, mended.err)
  assert.equal((await verify(chain.client)).hash, hash)
})
