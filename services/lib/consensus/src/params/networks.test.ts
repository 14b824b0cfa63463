import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeBlock, headerHash } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { checkBlockInIsolation } from '../block/check-block-in-isolation.ts'
import { isUnspendable } from '../script/classify-script.ts'
import { mineGenesis } from './mine-genesis.ts'
import { networkParams, parseNetworkName, withContestWindow } from './networks.ts'

const NETWORKS = (['main', 'test', 'local'] as const).map(networkParams)

test('each genesis block is a valid block with the hash the parameters give', () => {
  for (const params of NETWORKS) {
    const { hash } = checkBlockInIsolation(params.genesis, params)
    assert.deepEqual(hash, params.genesisHash, params.name)
    assert.equal(params.genesis.header.bits, params.powLimitBits)
    assert.ok(params.genesis.transactions.every(({ vout }) => vout.every((out) => isUnspendable(out.scriptPubKey))))
    assert.match(Buffer.from(encodeBlock(params.genesis)).toString('latin1'), /CamelidCoin/)
  }
})

test('the nonce of the local genesis is the first that fits', () => {
  const params = networkParams('local')
  assert.equal(mineGenesis(params.genesis.header), params.genesis.header.nonce)
  assert.deepEqual(headerHash(params.genesis.header), params.genesisHash)
})

test('no two networks share a genesis or a magic', () => {
  for (const field of ['genesisHash', 'magic'] as const) {
    assert.equal(new Set(NETWORKS.map((params) => bytesToHex(params[field]))).size, 3)
  }
})

test('a network that does not exist is refused by name', () => {
  assert.equal(parseNetworkName('local'), 'local')
  assert.throws(() => parseNetworkName('regtest'), { code: 'BAD_NETWORK' })
})

test('only the local network has another contest window', () => {
  assert.equal(withContestWindow(networkParams('local'), 30).contestWindow, 30)
  assert.throws(() => withContestWindow(networkParams('main'), 30), { code: 'BAD_NETWORK' })
  assert.throws(() => withContestWindow(networkParams('local'), 0), { code: 'BAD_NETWORK' })
})
