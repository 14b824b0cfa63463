import assert from 'node:assert/strict'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { isCoded } from '@camelid/errors'
import { scratchDirectory } from '../../test/support/open-client.ts'
import { addressStore } from './addresses.ts'
import { coinStore } from './coins.ts'
import { migrations } from './migrations.ts'
import { makePrivateDirectory, openStore } from './open.ts'

const withCode = (code: string) => (error: unknown) => isCoded(error) && error.code === code

describe('the SQLite file', () => {
  let scratch: ReturnType<typeof scratchDirectory>
  let dataDir: string
  beforeEach(() => {
    scratch = scratchDirectory()
    dataDir = join(scratch.dir, 'data')
  })
  afterEach(() => scratch.remove())

  it('and its directory belong to their owner alone', () => {
    using _ = openStore({ dataDir })
    assert.equal(statSync(dataDir).mode & 0o777, 0o700)
    assert.equal(statSync(join(dataDir, 'client.sqlite')).mode & 0o777, 0o600)
  })

  it('is held by one client at a time', () => {
    using _ = openStore({ dataDir })
    assert.throws(() => openStore({ dataDir }), withCode('DATA_DIR_IN_USE'))
  })

  it('opens again with what was written, and refuses a newer schema', () => {
    const first = openStore({ dataDir })
    first.db.exec('PRAGMA user_version = 1000')
    first[Symbol.dispose]()
    assert.throws(() => openStore({ dataDir }), withCode('NEWER_SCHEMA'))
  })

  it('of an older version keeps its coins, all of the first address, and its promises', () => {
    const [first] = migrations
    assert.ok(first)
    makePrivateDirectory(dataDir)
    const old = new DatabaseSync(join(dataDir, 'client.sqlite'))
    old.exec(first)
    old.exec(`INSERT INTO coin VALUES (x'${'07'.repeat(32)}', 1, 5000000000, 9, x'${'08'.repeat(32)}', 1, 0)`)
    old.exec(`INSERT INTO coin_lock VALUES (x'${'07'.repeat(32)}', 1, x'${'09'.repeat(32)}', 5000000000)`)
    old.exec('PRAGMA user_version = 1')
    old.close()
    using store = openStore({ dataDir })
    const coins = coinStore(store)
    const [coin] = coins.all()
    assert.deepEqual(coin?.place, { branch: 0, index: 0 })
    assert.equal(coin?.value, 5_000_000_000n)
    assert.equal(coins.reserved(), 5_000_000_000n)
    assert.deepEqual(addressStore(store).all(), [])
    coins.replace([{ branch: 0, index: 1 }], [])
    assert.equal(coins.balance(), 5_000_000_000n)
    coins.replace([{ branch: 0, index: 0 }], [])
    assert.equal(coins.balance(), 0n)
  })

  it('names a damaged file', () => {
    openStore({ dataDir })[Symbol.dispose]()
    writeFileSync(join(dataDir, 'client.sqlite'), 'this is no database, and long enough to be read as one'.repeat(40))
    assert.throws(() => openStore({ dataDir }), withCode('BAD_DATA_DIR'))
  })

  it('undoes the whole of a transaction that fails', () => {
    using store = openStore({ dataDir })
    const coins = coinStore(store)
    const lock = { outpoint: { txid: new Uint8Array(32), index: 0 }, value: 1n }
    coins.lock(Uint8Array.of(1), [lock])
    const other = { outpoint: { txid: new Uint8Array(32), index: 1 }, value: 1n }
    assert.throws(() => store.transaction(() => coins.lock(Uint8Array.of(2), [other, lock])), /UNIQUE/)
    assert.deepEqual(coins.locksOf(Uint8Array.of(2)), [], 'a coin is never promised twice')
  })
})
