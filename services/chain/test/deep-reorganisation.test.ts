import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type OutPoint, type Transaction, txid } from '@camelid/codec'
import { bondScript, COIN, pushData, signInput } from '@camelid/consensus'
import { bytesToHex, concatBytes, publicKeyOf } from '@camelid/crypto'
import { listBondsAt } from '../src/store/bonds.ts'
import { Branch, PAYEE, params, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { ledgerOf, rowsOfLedger } from './ledger.ts'
import { submitAll } from './submit.ts'
import { flushedHeight, inChainDatabase, rowsOfCoins, rowsOfHistory } from './tables.ts'

const SECRET = new Uint8Array(32).fill(0x31)
const KEY = publicKeyOf(SECRET)
const UNBOND = 12
const FORK = 10

/** A bond of one coin. */
function bond(from: { outpoint: OutPoint; value: bigint }): Transaction {
  return spend({
    from: [from],
    to: [{ value: COIN, scriptPubKey: bondScript(KEY, UNBOND) }, toPayee(from.value - COIN)],
  })
}

/** The node takes its bond back, as it may from the height on that the bond names. */
function unbond(made: Transaction): Transaction {
  const unsigned = spend({
    from: [{ outpoint: { txid: txid(made), index: 0 } }],
    to: [toPayee(COIN)],
    lockTime: UNBOND,
  })
  const signature = signInput(unsigned, 0, bondScript(KEY, UNBOND), SECRET)
  const scriptSig = concatBytes(pushData(signature), Uint8Array.of(0))
  return { ...unsigned, vin: unsigned.vin.map((input) => ({ ...input, scriptSig })) }
}

/** Bonds by name, the heights at which they are made, and from which on they are spent. */
type Lives = readonly (readonly [made: Transaction, from: number, spent: number])[]

function branches() {
  const first = new Branch().grow(8)
  const [shared, early, late] = [bond(first.reward(1)), bond(first.reward(2)), bond(first.reward(3))]
  first.add([shared])
  first.grow(FORK - first.tip.height)
  const second = new Branch({ branch: first, height: FORK })
  first.grow(2, 1)
  first.add([unbond(shared), early], { tag: 1 })
  first.grow(20, 1)
  first.add([unbond(early)], { tag: 1 })
  first.grow(2, 1)
  second.grow(6, 2)
  second.add([late], { tag: 2 })
  second.grow(9, 2)
  second.add([unbond(late), unbond(shared)], { tag: 2 })
  second.grow(12, 2)
  const lives: Record<'first' | 'second', Lives> = {
    first: [
      [shared, 9, 13],
      [early, 13, 34],
    ],
    second: [
      [shared, 9, 27],
      [late, 17, 27],
    ],
  }
  return { first, second, lives }
}

test('a deep reorganisation, below what was flushed, and back: coins, histories and bonds as of every height', async () => {
  const { first, second, lives } = branches()
  await using chain = await TestChain.start()
  await submitAll(chain.client, first.blocks)
  const check = async (branch: Branch, bonds: Lives) => {
    // A list of the payee's coins has them flushed: the next fork lies below that.
    const { tipHeight } = await chain.client.getUtxos({ h2: PAYEE })
    assert.equal(tipHeight, branch.tip.height)
    await inChainDatabase(chain.databaseUrl, async (sql) => {
      assert.equal(await flushedHeight(sql), branch.tip.height)
      const ledger = ledgerOf(branch.blocks)
      assert.deepEqual(await rowsOfCoins(sql), rowsOfLedger(ledger))
      assert.deepEqual(await rowsOfHistory(sql), ledger.history)
      for (let at = 0; at <= branch.tip.height; at++) {
        const found = await listBondsAt(sql, { at, minimum: params.minimumBond, lockedBeyond: UNBOND - 1 })
        const expected = bonds.filter(([, made, spent]) => made <= at && at < spent)
        assert.deepEqual(
          found.map(({ outpoint }) => bytesToHex(outpoint.subarray(0, 32))).toSorted(),
          expected.map(([made]) => bytesToHex(txid(made))).toSorted(),
          `as of height ${at}`,
        )
      }
    })
  }
  await check(first, lives.first)
  await submitAll(chain.client, second.blocks.slice(FORK))
  assert.equal(await chain.height(), second.tip.height)
  await check(second, lives.second)
  const third = new Branch({ branch: first, height: first.tip.height }).grow(4, 3)
  await submitAll(chain.client, third.blocks.slice(first.tip.height))
  await chain.stop('SIGKILL')
  await chain.start()
  await check(third, lives.first)
})
