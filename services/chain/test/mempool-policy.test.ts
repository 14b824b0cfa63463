import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, type Transaction, txid } from '@camelid/codec'
import { bytesToHex, ecdsaBackend, equalBytes } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { Branch, PAYEE, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { inDatabase } from './in-database.ts'
import { offer, submitAll } from './submit.ts'

const FEE = 1_000n
/** Says that it may be replaced (BIP125). */
const REPLACEABLE = 0xfffffffd
const withCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code
const outputOf = (tx: Transaction, index = 0) => ({ outpoint: { txid: txid(tx), index } })
const offers = (...transactions: readonly Transaction[]) =>
  transactions.map((tx) => ({ transaction: encodeTransaction(tx) }))

async function inTemplate(chain: TestChain): Promise<string[]> {
  const { transactions } = await chain.client.getBlockTemplate({ payoutH2: PAYEE })
  return transactions.map(bytesToHex)
}

const hexOf = (...transactions: readonly Transaction[]) => transactions.map((tx) => bytesToHex(encodeTransaction(tx)))

test('who pays more takes the place of what says so, with all that rests on it, and a restart keeps it so', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(7)
  await submitAll(chain.client, branch.blocks)
  const [coin, other] = [branch.reward(1), branch.reward(2)]
  const pay = spend({ from: [coin], to: [toPayee(coin.value - FEE)], sequence: REPLACEABLE })
  const child = spend({ from: [outputOf(pay)], to: [toPayee(coin.value - 2n * FEE)] })
  const low = spend({ from: [coin], to: [toPayee(coin.value - 2n * FEE)] })
  const high = spend({ from: [coin], to: [toPayee(coin.value - 3n * FEE)] })
  const final = spend({ from: [other], to: [toPayee(other.value - FEE)] })
  const rival = spend({ from: [other], to: [toPayee(other.value - 50n * FEE)] })
  for (const tx of [pay, child, final]) await chain.client.submitTransaction({ transaction: encodeTransaction(tx) })
  const submit = (tx: Transaction) => chain.client.submitTransaction({ transaction: encodeTransaction(tx) })
  await assert.rejects(submit(low), withCode('REPLACEMENT_FEE_TOO_LOW'))
  await assert.rejects(submit(rival), withCode('MEMPOOL_CONFLICT'))
  // Together with a second child of what goes: that one has nothing to spend any more.
  const second = spend({ from: [outputOf(child)], to: [toPayee(coin.value - 3n * FEE)] })
  const both = await offer(chain, offers(high, second))
  assert.deepEqual(
    both.map(({ outcome, code }) => [outcome, code]),
    [
      [Outcome.OK, ''],
      [Outcome.IGNORE, 'MISSING_INPUT'],
    ],
  )
  assert.deepEqual(await inTemplate(chain), hexOf(high, final))
  // Nothing was mined yet from which to learn more.
  const { feeRate, minimumFeeRate, learned } = await chain.client.estimateFee({ blocks: 3 })
  assert.deepEqual([feeRate, minimumFeeRate, learned], [1_000n, 1_000n, false])
  await assert.rejects(chain.client.estimateFee({ blocks: 49 }), withCode('BAD_REQUEST'))
  for (const gone of [pay, child])
    await assert.rejects(chain.client.getTransaction({ txid: txid(gone) }), withCode('TRANSACTION_NOT_FOUND'))
  await chain.stop('SIGKILL')
  await chain.start()
  assert.deepEqual(await inTemplate(chain), hexOf(high, final))
})

test('what was mined teaches what to pay, and a restart does not forget it', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(7)
  const coin = branch.reward(1)
  const share = coin.value / 20n
  const split = spend({ from: [coin], to: Array.from({ length: 20 }, () => toPayee(share)) })
  branch.add([split])
  await submitAll(chain.client, branch.blocks)
  const spends = split.vout.map((_, index) =>
    spend({ from: [{ outpoint: { txid: txid(split), index } }], to: [toPayee(share - 10n * FEE)] }),
  )
  for (const tx of spends) await chain.client.submitTransaction({ transaction: encodeTransaction(tx) })
  await chain.client.submitBlock({ block: branch.add(spends) })
  const estimate = () => chain.client.estimateFee({ blocks: 3 })
  const before = await estimate()
  assert.equal(before.learned, true)
  assert.ok(before.feeRate > before.minimumFeeRate)
  await chain.stop()
  await chain.start()
  assert.deepEqual(await estimate(), before)
})

test('what comes before its parent waits for it, whether that comes alone or in a block', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(7)
  await submitAll(chain.client, branch.blocks)
  const [one, two] = [branch.reward(1), branch.reward(2)]
  const parent = spend({ from: [one], to: [toPayee(one.value - FEE)] })
  const child = spend({ from: [outputOf(parent)], to: [toPayee(one.value - 2n * FEE)] })
  const grandchild = spend({ from: [outputOf(child)], to: [toPayee(one.value - 3n * FEE)] })
  for (const early of [grandchild, child]) {
    const [answer] = await offer(chain, offers(early))
    assert.deepEqual([answer?.outcome, answer?.code], [Outcome.IGNORE, 'MISSING_INPUT'])
  }
  const answers = await offer(chain, offers(parent, parent))
  assert.deepEqual(
    answers.map(({ outcome, code }) => [outcome, code]),
    [
      [Outcome.OK, ''],
      [Outcome.IGNORE, ''],
    ],
  )
  assert.deepEqual(await inTemplate(chain), hexOf(parent, child, grandchild))

  const mined = spend({ from: [two], to: [toPayee(two.value - FEE)] })
  const waiting = spend({ from: [outputOf(mined)], to: [toPayee(two.value - 2n * FEE)] })
  await offer(chain, offers(waiting))
  const [block] = [branch.add([mined], { fees: FEE })]
  await chain.client.submitBlock({ block })
  assert.deepEqual(new Set(await inTemplate(chain)), new Set(hexOf(parent, child, grandchild, waiting)))
  // What is in a block already is known; what spends a spent output waits for nothing.
  const twice = spend({ from: [two], to: [toPayee(FEE)] })
  const again = await offer(chain, offers(mined, twice))
  assert.deepEqual(
    again.map(({ outcome, code }) => [outcome, code]),
    [
      [Outcome.IGNORE, ''],
      [Outcome.IGNORE, 'MISSING_INPUT'],
    ],
  )
})

test('many that come together are each judged as if they came alone, and a damaged row costs only itself', async () => {
  const httpPort = String(await freePort())
  await using chain = await TestChain.start({ SCRIPT_THREADS: '1', HTTP_PORT: httpPort })
  const branch = new Branch().grow(6)
  const coin = branch.reward(1)
  const share = coin.value / 100n
  const fan = spend({ from: [coin], to: new Array(99).fill(toPayee(share)) })
  branch.add([fan], { fees: coin.value - 99n * share })
  await submitAll(chain.client, branch.blocks)

  const good = Array.from({ length: 95 }, (_, i) =>
    spend({ from: [outputOf(fan, i)], to: [toPayee(share - FEE - BigInt(i))] }),
  )
  const forged = good.map((tx) => ({ ...tx, vout: [toPayee(share - 2n * FEE)] }))
  const twice = spend({ from: [outputOf(fan, 3)], to: [toPayee(share - 2n * FEE)] })
  const [first] = good
  assert.ok(first)
  const child = spend({ from: [outputOf(first)], to: [toPayee(share - 3n * FEE)] })
  const answers = await offer(chain, [...offers(...forged), ...offers(...good, twice, child, first)])
  assert.ok(answers.slice(0, 95).every(({ outcome, code }) => outcome === Outcome.IGNORE && code === 'NULLFAIL'))
  assert.ok(answers.slice(95, 190).every(({ outcome }) => outcome === Outcome.OK))
  assert.deepEqual(
    answers.slice(190).map(({ outcome, code }) => [outcome, code]),
    [
      [Outcome.IGNORE, 'MEMPOOL_CONFLICT'],
      [Outcome.OK, ''],
      [Outcome.IGNORE, ''],
    ],
  )
  assert.equal((await inTemplate(chain)).length, 96)
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text()
  assert.match(metrics, new RegExp(`^chain_signatures_info\\{library="${ecdsaBackend}",`, 'm'))
  assert.match(metrics, /^chain_script_threads\{service="chain"\} 1$/m)

  await chain.stop()
  const [, second, third] = good.map((tx) => bytesToHex(txid(tx)))
  await inDatabase(
    chain.databaseUrl,
    `UPDATE mempool SET raw = set_byte(raw, 60, get_byte(raw, 60) # 1) WHERE txid = '\\x${second}';
     UPDATE mempool SET raw = substr(raw, 1, 100) WHERE txid = '\\x${third}'`,
  )
  await chain.start()
  assert.equal((await inTemplate(chain)).length, 94)
  assert.equal(chain.output.match(/a row of the mempool is damaged/g)?.length, 2)
  // Blocks take from the mempool what it holds now, whose scripts were never run in this process.
  const { transactions, fees } = await chain.client.getBlockTemplate({ payoutH2: PAYEE })
  const rest = [...good, child].filter((tx) => transactions.some((raw) => equalBytes(raw, encodeTransaction(tx))))
  await chain.client.submitBlock({ block: branch.add(rest, { fees }) })
  assert.deepEqual(await inTemplate(chain), [])
})
