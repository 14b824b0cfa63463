import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction, txid } from '@camelid/codec'
import { OP } from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { Branch, PAYEE, spend, toPayee } from './branch.ts'
import { TestChain } from './harness.ts'
import { offer, submitAll } from './submit.ts'

const FEE = 1_000n
const withCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code

test('a matured reward is spent, a double spend is refused by name, and both survive a restart', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(6)
  await submitAll(chain.client, branch.blocks)
  const coin = branch.reward(1)
  const pay = spend({ from: [coin], to: [toPayee(coin.value - FEE)] })
  const twice = spend({ from: [coin], to: [toPayee(coin.value - 2n * FEE)] })
  const child = spend({ from: [{ outpoint: { txid: txid(pay), index: 0 } }], to: [toPayee(coin.value - 2n * FEE)] })
  const young = branch.reward(6)

  await chain.client.submitTransaction({ transaction: encodeTransaction(pay) })
  await chain.client.submitTransaction({ transaction: encodeTransaction(pay) })
  await chain.client.submitTransaction({ transaction: encodeTransaction(child) })
  const refused = [
    [twice, 'MEMPOOL_CONFLICT'],
    [spend({ from: [young], to: [toPayee(FEE)] }), 'IMMATURE_COINBASE'],
    [spend({ from: [branch.reward(2)], to: [toPayee(branch.reward(2).value)] }), 'FEE_TOO_LOW'],
    [spend({ from: [{ outpoint: { txid: new Uint8Array(32), index: 3 } }], to: [toPayee(1n)] }), 'MISSING_INPUT'],
    [spend({ from: [branch.reward(2)], to: [toPayee(FEE)], lockTime: 4_000_000_000 }), 'NOT_FINAL'],
  ] as const
  for (const [transaction, code] of refused)
    await assert.rejects(
      chain.client.submitTransaction({ transaction: encodeTransaction(transaction) }),
      withCode(code),
    )

  await chain.stop('SIGKILL')
  await chain.start()
  assert.equal((await chain.client.getTransaction({ txid: txid(child) })).inMempool, true)
  const template = await chain.client.getBlockTemplate({ payoutH2: PAYEE })
  assert.deepEqual(
    template.transactions.map(bytesToHex),
    [pay, child].map((tx) => bytesToHex(encodeTransaction(tx))),
  )
  assert.equal(template.fees, 2n * FEE)

  // A block that takes the other spend drops both, parent and child.
  const [block] = [branch.add([twice], { fees: 2n * FEE })]
  await chain.client.submitBlock({ block })
  assert.equal((await chain.client.getTransaction({ txid: txid(twice) })).confirmations, 1)
  await assert.rejects(
    chain.client.getTransaction({ txid: txid(twice), mempoolOnly: true }),
    withCode('TRANSACTION_NOT_FOUND'),
  )
  await assert.rejects(chain.client.getTransaction({ txid: txid(pay) }), withCode('TRANSACTION_NOT_FOUND'))
  await assert.rejects(chain.client.getTransaction({ txid: txid(child) }), withCode('TRANSACTION_NOT_FOUND'))
  await assert.rejects(
    chain.client.submitTransaction({ transaction: encodeTransaction(pay) }),
    withCode('MISSING_INPUT'),
  )
})

test('what is not worth its scripts is refused before they are run', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(7)
  const [one, two] = [branch.reward(1), branch.reward(2)]
  const odd = spend({ from: [one], to: [{ value: one.value, scriptPubKey: Uint8Array.of(OP.TRUE) }] })
  branch.add([odd])
  await submitAll(chain.client, branch.blocks)
  const forged = spend({ from: [two], to: [toPayee(two.value)] })
  const unpaid = { ...forged, vin: forged.vin.map((input) => ({ ...input, scriptSig: new Uint8Array() })) }
  const fromOdd = spend({ from: [{ outpoint: { txid: txid(odd), index: 0 } }], to: [toPayee(FEE)] })
  const answers = await offer(
    chain,
    [unpaid, fromOdd].map((transaction) => ({ transaction: encodeTransaction(transaction) })),
  )
  assert.deepEqual(
    answers.map(({ code, score }) => [code, score]),
    [
      ['FEE_TOO_LOW', 0],
      ['NOT_STANDARD', 0],
    ],
  )
})

test('transactions of disconnected blocks return to the mempool', async () => {
  await using chain = await TestChain.start()
  const base = new Branch().grow(6)
  const other = new Branch({ branch: base, height: 6 }).grow(2, 4)
  const coin = base.reward(1)
  const pay = spend({ from: [coin], to: [toPayee(coin.value - FEE)] })
  base.add([pay], { fees: FEE })
  await submitAll(chain.client, base.blocks)
  await submitAll(chain.client, other.blocks.slice(6))
  const found = await chain.client.getTransaction({ txid: txid(pay) })
  assert.equal(found.inMempool, true)
  const { utxos } = await chain.client.getUtxos({ h2: PAYEE })
  assert.equal(
    utxos.find((utxo) => equalBytes(utxo.outpoint?.txid ?? new Uint8Array(), coin.outpoint.txid))?.spentInMempool,
    true,
  )
})

test('F reserves, P takes its place and is mined only once its lock time lies before the median time', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(6)
  await submitAll(chain.client, branch.blocks)
  const jobId = new Uint8Array(32).fill(8)
  const coin = branch.reward(1)
  const lockTime = branch.tip.header.time + 3
  const f = spend({ from: [coin], to: [toPayee(coin.value - FEE)], lockTime: lockTime + 5, jobId })
  const p = spend({ from: [coin], to: [toPayee(coin.value - 2n * FEE)], lockTime, jobId })
  const funding = encodeTransaction(f)
  const payment = encodeTransaction(p)

  await chain.client.reserve({ jobId, funding })
  await chain.client.reserve({ jobId, funding })
  await assert.rejects(
    chain.client.submitTransaction({ transaction: encodeTransaction(spend({ from: [coin], to: [toPayee(FEE)] })) }),
    withCode('RESERVED'),
  )
  const otherJob = new Uint8Array(32).fill(6)
  await assert.rejects(chain.client.reserve({ jobId: otherJob, funding }), withCode('BAD_RESERVATION'))
  const rival = spend({ from: [coin], to: [toPayee(FEE)], lockTime, jobId: otherJob })
  await assert.rejects(
    chain.client.reserve({ jobId: otherJob, funding: encodeTransaction(rival) }),
    withCode('RESERVED'),
  )
  await assert.rejects(
    chain.client.replaceReservation({ jobId: otherJob, payment: encodeTransaction(rival) }),
    withCode('RESERVATION_NOT_FOUND'),
  )
  const elsewhere = spend({ from: [branch.reward(2)], to: [toPayee(FEE)], lockTime, jobId })
  await assert.rejects(
    chain.client.replaceReservation({ jobId, payment: encodeTransaction(elsewhere) }),
    withCode('BAD_RESERVATION'),
  )
  const [relayed] = await offer(chain, [{ transaction: payment }])
  assert.deepEqual([relayed?.outcome, relayed?.code], [Outcome.IGNORE, 'JOB_TRANSACTION'])

  await chain.client.replaceReservation({ jobId, payment })
  await chain.client.replaceReservation({ jobId, payment })
  await chain.stop('SIGKILL')
  await chain.start()

  for (;;) {
    const { tip } = await chain.client.getTip({})
    const template = await chain.client.getBlockTemplate({ payoutH2: PAYEE })
    const due = lockTime < (tip?.medianTime ?? 0)
    assert.equal(template.transactions.length, due ? 1 : 0)
    if (due) break
    await chain.client.submitBlock({ block: branch.add() })
  }
  await chain.client.submitBlock({ block: branch.add([p], { fees: 2n * FEE }) })
  assert.equal((await chain.client.getTransaction({ txid: txid(p) })).confirmations, 1)
  assert.equal((await chain.client.releaseReservation({ jobId })).released, false)
})

test('a released reservation frees its coins', async () => {
  await using chain = await TestChain.start()
  const branch = new Branch().grow(6)
  await submitAll(chain.client, branch.blocks)
  const jobId = new Uint8Array(32).fill(8)
  const coin = branch.reward(1)
  const f = spend({ from: [coin], to: [toPayee(coin.value - FEE)], lockTime: branch.tip.header.time + 60, jobId })
  await chain.client.reserve({ jobId, funding: encodeTransaction(f) })
  assert.equal((await chain.client.releaseReservation({ jobId })).released, true)
  assert.equal((await chain.client.releaseReservation({ jobId })).released, false)
  const pay = spend({ from: [coin], to: [toPayee(coin.value - FEE)] })
  await chain.client.submitTransaction({ transaction: encodeTransaction(pay) })
  const unconfirmed = { outpoint: { txid: txid(pay), index: 0 } }
  const onTop = spend({ from: [unconfirmed], to: [toPayee(FEE)], lockTime: branch.tip.header.time + 60, jobId })
  await assert.rejects(chain.client.reserve({ jobId, funding: encodeTransaction(onTop) }), withCode('BAD_RESERVATION'))
})
