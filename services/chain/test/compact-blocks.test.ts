import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeBlock,
  decodeHeader,
  encodeHeader,
  encodeShortIds,
  encodeTransaction,
  headerHash,
  ShortIds,
  type Transaction,
  txid,
} from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { Branch, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { submitAll } from './submit.ts'

const FEE = 1_000n
const NONCE = 5n

/** A block as a peer would send it compact, all but the coinbase by short id. */
function compact(raw: Uint8Array, header: Uint8Array = raw.slice(0, 80)) {
  const ids = new ShortIds(header, NONCE)
  const [coinbase, ...others] = decodeBlock(raw).transactions
  assert.ok(coinbase)
  return {
    header,
    nonce: NONCE,
    shortIds: encodeShortIds(others.map((tx) => ids.of(txid(tx)))),
    prefilled: [{ index: 0, transaction: encodeTransaction(coinbase) }],
  }
}

const nameOf = (outcome: number): string => Object.entries(Outcome).find(([, value]) => value === outcome)?.[0] ?? ''

/** The steps of the chain on it: what is missing, or the verdict as `OUTCOME CODE score`. */
async function take(chain: TestChain, block: ReturnType<typeof compact>, supplied: Record<number, Transaction> = {}) {
  const placed = Object.entries(supplied).map(([index, tx]) => ({
    index: Number(index),
    transaction: encodeTransaction(tx),
  }))
  const steps: string[] = []
  for await (const { step } of chain.client.takeCompactBlock({ block, supplied: placed })) {
    if (step.case === 'missing') steps.push(`missing ${step.value.indexes.join(' ')}`)
    else if (step.case === 'verdict') steps.push(`${nameOf(step.value.outcome)} ${step.value.code} ${step.value.score}`)
    else steps.push(step.case ?? '')
  }
  return steps
}

test('a compact block is filled from the mempool, told when it is whole, and judged then', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(9)
  await submitAll(chain.client, branch.blocks)
  const pay = (height: number, fee = FEE): Transaction => {
    const coin = branch.reward(height)
    return spend({ from: [coin], to: [toPayee(coin.value - fee)] })
  }
  const [known, alsoKnown, fresh] = [pay(1), pay(2), pay(3)]
  for (const tx of [alsoKnown, known]) await chain.client.submitTransaction({ transaction: encodeTransaction(tx) })
  const raw = branch.add([known, fresh, alsoKnown], { fees: 3n * FEE })
  const hash = headerHash(decodeHeader(raw.subarray(0, 80)))

  // Before anything else: work and place of the header.
  const idle = encodeHeader({ ...decodeHeader(raw.subarray(0, 80)), time: 1 })
  assert.match(String(await take(chain, compact(raw, idle))), /^REJECT BAD_POW [1-9]/)
  const after = new Branch({ branch, height: 10 }).grow(1)
  assert.deepEqual(await take(chain, compact(after.blocks[10] ?? raw)), ['IGNORE UNKNOWN_PARENT 0'])
  const beside = new Branch({ branch, height: 8 }).add([], { tag: 1 })
  assert.deepEqual(await take(chain, compact(beside)), ['IGNORE NO_MORE_WORK 0'])
  const disordered = { ...compact(raw), prefilled: [{ index: 7, transaction: encodeTransaction(fresh) }] }
  assert.deepEqual(await take(chain, disordered), ['REJECT BAD_COMPACT_BLOCK 100'])

  assert.deepEqual(await take(chain, compact(raw)), ['missing 2'])
  assert.deepEqual(await take(chain, compact(raw), { 2: pay(3, 2n * FEE) }), ['mismatch'])
  const twice = { ...compact(raw), shortIds: encodeShortIds([1, 1, 2]) }
  assert.deepEqual(await take(chain, twice), ['mismatch'])
  assert.equal(await chain.height(), 9)
  assert.deepEqual(await take(chain, compact(raw), { 2: fresh }), ['whole', 'OK  0'])
  assert.equal(await chain.height(), 10)
  assert.deepEqual(await take(chain, compact(raw)), ['IGNORE  0'])

  const { block } = await chain.client.getCompactBlock({ hash })
  const own = new ShortIds(raw.slice(0, 80), block?.nonce ?? 0n)
  const expected = encodeShortIds([known, fresh, alsoKnown].map((tx) => own.of(txid(tx))))
  assert.equal(bytesToHex(block?.shortIds ?? new Uint8Array()), bytesToHex(expected))
  const { transactions } = await chain.client.getBlockTransactions({ hash, indexes: [1, 3] })
  assert.deepEqual(
    transactions.map(bytesToHex),
    [known, alsoKnown].map((tx) => bytesToHex(encodeTransaction(tx))),
  )
  await assert.rejects(chain.client.getBlockTransactions({ hash, indexes: [3, 1] }), /position 1 after 3/)
})

test('a block that breaks the rules is whole all the same: its peers learn so when it is judged', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(3)
  await submitAll(chain.client, branch.blocks)
  const greedy = branch.add([], { reward: 2n ** 40n })
  assert.match(String(await take(chain, compact(greedy))), /^whole,REJECT [A-Z_]+ 100$/)
  assert.match(String(await take(chain, compact(greedy))), /^REJECT KNOWN_INVALID /)
  assert.equal(await chain.height(), 3)
})

test("a block of our own miner is told before it is judged, once its transactions are its header's", async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(3)
  await submitAll(chain.client, branch.blocks)
  const leave = new AbortController()
  const own = chain.client.watchOwnBlocks({}, { signal: leave.signal })[Symbol.asyncIterator]()
  const told = own.next()
  const greedy = branch.add([], { reward: 2n ** 40n })
  const mixed = Uint8Array.from(greedy)
  mixed[mixed.length - 1] = 1
  await assert.rejects(chain.client.submitBlock({ block: mixed }), /not those of the header/)
  await assert.rejects(chain.client.submitBlock({ block: greedy }), /pays/)
  const { value } = await told
  assert.equal(bytesToHex(value?.block?.header ?? new Uint8Array()), bytesToHex(greedy.slice(0, 80)))
  leave.abort()
})
