import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Account, Branch, keyPath } from './account.ts'
import { keysFromMnemonic } from './derive-key.ts'

const ABANDON = `${'abandon '.repeat(11)}about`

test('keys of an account are those of their BIP44 paths, receiving and change apart', () => {
  const account = Account.fromMnemonic(ABANDON)
  for (const place of [
    { branch: Branch.RECEIVE, index: 0 },
    { branch: Branch.RECEIVE, index: 7 },
    { branch: Branch.CHANGE, index: 3 },
  ]) {
    assert.deepEqual(account.key(place), keysFromMnemonic(ABANDON, keyPath(place)))
    assert.equal(account.key(place), account.key(place))
  }
  assert.equal(keyPath({ branch: Branch.CHANGE, index: 3 }, 2), "m/44'/7331'/2'/1/3")
  assert.notEqual(
    Account.fromMnemonic(ABANDON, 1).key({ branch: Branch.RECEIVE, index: 0 }).address,
    keysFromMnemonic(ABANDON).address,
  )
})

test('an index that no key has is a named error', () => {
  const account = Account.fromMnemonic(ABANDON)
  for (const index of [-1, 0.5, 2 ** 31])
    assert.throws(() => account.key({ branch: Branch.RECEIVE, index }), { code: 'BAD_PATH' })
})
