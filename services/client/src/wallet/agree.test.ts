import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Coin } from '../store/coins.ts'
import { agreedCoins } from './agree.ts'
import { chooseCoins, coinsText } from './choose-coins.ts'

const coin = (index: number, value = 100n, inMempool = false): Coin => ({
  outpoint: { txid: new Uint8Array(32), index },
  value,
  height: 1,
  blockHash: new Uint8Array(32),
  coinbase: false,
  inMempool,
})
const indices = (coins: readonly Coin[]) => coins.map(({ outpoint }) => outpoint.index)

describe('agreement on what is unspent', () => {
  it('takes only what enough peers say', () => {
    const answers = [[coin(1), coin(2)], [coin(1)], [coin(1), coin(3)]]
    assert.deepEqual(indices(agreedCoins(answers, 3)), [1])
    assert.deepEqual(indices(agreedCoins(answers, 1)), [1, 2, 3])
  })

  it('calls a coin free where enough peers know of nothing that spends it', () => {
    const answers = [[coin(1, 100n, true)], [coin(1)], [coin(1)]]
    assert.equal(agreedCoins(answers, 2)[0]?.inMempool, false, 'one peer cannot block a coin')
    assert.equal(agreedCoins(answers, 3)[0]?.inMempool, true)
  })
})

describe('choosing coins', () => {
  it('prefers the smallest that does alone, else the largest together', () => {
    const coins = [coin(1, 5n), coin(2, 20n), coin(3, 9n)]
    assert.deepEqual(indices(chooseCoins(coins, 8n) ?? []), [3])
    assert.deepEqual(indices(chooseCoins(coins, 25n) ?? []), [2, 3])
    assert.equal(chooseCoins(coins, 35n), undefined)
  })

  it('writes amounts as people read them', () => {
    assert.equal(coinsText(1_000_000n), '0.01')
    assert.equal(coinsText(500_000_000n), '5')
  })
})
