import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { p2pkhScript } from '@camelid/consensus'
import { isCoded } from '@camelid/errors'
import { scratchDirectory } from '../../test/support/open-client.ts'
import { solve, TestChain } from '../../test/support/test-chain.ts'
import { easyParams } from '../../test/support/test-params.ts'
import { openStore, type Store } from '../store/open.ts'
import { HeaderChain } from './header-chain.ts'

const params = easyParams()
const start = 1_800_000_000
const to = p2pkhScript(new Uint8Array(20))
const withCode = (code: string) => (error: unknown) => isCoded(error) && error.code === code

function mined(blocks: number, chain = new TestChain(params), payee = to): TestChain {
  for (let i = 0; i < blocks; i++) chain.mine({ time: start + chain.tip.height + 1, to: payee })
  return chain
}

const headersOf = (chain: TestChain, from = 1) => chain.blocks.slice(from).map(({ node }) => node.header)

describe('the header chain of a light client', () => {
  let scratch: ReturnType<typeof scratchDirectory>
  let store: Store
  const open = () => new HeaderChain({ store, params, nowSeconds: () => start + 1_000 })

  beforeEach(() => {
    scratch = scratchDirectory()
    store = openStore({ dataDir: scratch.dir })
  })
  afterEach(() => {
    store[Symbol.dispose]()
    scratch.remove()
  })

  it('follows valid headers and finds them again after a restart', () => {
    const source = mined(40)
    assert.equal(open().accept(headersOf(source)), 40)
    const again = open()
    assert.deepEqual(again.tip.hash, source.tip.hash)
    assert.equal(again.tip.work, source.tip.work)
    assert.equal(again.medianTime, source.medianTime)
    assert.equal(again.accept(headersOf(source)), 0, 'known headers are nothing new')
  })

  it('keeps the headers before a forged one, and says what is wrong with it', () => {
    const source = mined(20)
    const chain = open()
    const headers = headersOf(source)
    const forge = (change: object) => solve({ ...source.at(15).node.header, ...change })
    const cases = [
      { code: 'BAD_DIFFICULTY', header: forge({ bits: 0x207ffffe }) },
      { code: 'TIME_TOO_OLD', header: forge({ time: source.at(4).node.header.time }) },
      { code: 'TIME_TOO_NEW', header: forge({ time: start + 1_000 + params.maxFutureTime + 1 }) },
      { code: 'BAD_BITS', header: { ...source.at(15).node.header, bits: 0x217fffff } },
    ]
    for (const { code, header } of cases) {
      assert.throws(() => chain.accept([...headers.slice(0, 14), header]), withCode(code))
      assert.equal(chain.tip.height, 14)
    }
  })

  it('refuses a header without its proof of work', () => {
    const source = mined(3)
    const { header } = source.tip
    let nonce = 0
    const chain = open()
    const forged = () => ({ ...header, nonce: nonce++ })
    // At this easy target every other nonce is good: the first bad one will do.
    for (;;) {
      try {
        chain.accept([...headersOf(source).slice(0, 2), forged()])
      } catch (error) {
        assert.ok(withCode('BAD_POW')(error))
        break
      }
    }
  })

  it('asks for what lies between where the parent is unknown', () => {
    assert.throws(() => open().accept(headersOf(mined(5), 3)), withCode('UNKNOWN_PARENT'))
  })

  it('follows the branch with more work, not the longer talk, and tells where they part', () => {
    const first = mined(20)
    const second = mined(6, first.fork(15), p2pkhScript(new Uint8Array(20).fill(2)))
    const chain = open()
    chain.accept(headersOf(first))
    const changes: { tip: number; fork: number }[] = []
    chain.changed.on(({ tip, forkHeight }) => changes.push({ tip: tip.height, fork: forkHeight }))
    const branch = headersOf(second, 16)
    chain.accept(branch.slice(0, 5))
    assert.deepEqual(chain.tip.hash, first.tip.hash, 'equal work: first seen stays')
    chain.accept(branch.slice(5))
    assert.deepEqual(chain.tip.hash, second.tip.hash)
    assert.deepEqual(changes, [{ tip: 21, fork: 15 }])
    assert.equal(chain.isBest(first.at(16).node.hash), false)
    assert.deepEqual(chain.atHeight(16)?.hash, second.at(16).node.hash)
    // And back, when the first branch grows again.
    chain.accept(headersOf(mined(3, first), 21))
    assert.deepEqual(chain.tip.hash, first.tip.hash)
    assert.equal(chain.isBest(second.at(16).node.hash), false)
  })

  it('names hashes from the tip back to genesis', () => {
    const source = mined(100)
    const chain = open()
    chain.accept(headersOf(source))
    const locator = chain.locator()
    assert.deepEqual(locator[0], source.tip.hash)
    assert.deepEqual(locator.at(-1), params.genesisHash)
    assert.ok(locator.length < 25)
  })

  it('refuses the file of another network', () => {
    open()
    const other = { ...params, genesisHash: new Uint8Array(32).fill(1) }
    assert.throws(() => new HeaderChain({ store, params: other, nowSeconds: () => start }), withCode('WRONG_GENESIS'))
  })
})
