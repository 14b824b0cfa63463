import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Block, NULL_JOB_ID, type Transaction, type TxOut, txid } from '@camelid/codec'
import { merkleRoot } from '../merkle/merkle-root.ts'
import { mineGenesis } from '../params/mine-genesis.ts'
import { networkParams } from '../params/networks.ts'
import { COIN } from '../params/units.ts'
import { OP } from '../script/opcodes.ts'
import { pushData } from '../script/push-data.ts'
import { opReturnScript } from '../script/template/op-return.ts'
import { p2pkhScript } from '../script/template/p2pkh.ts'
import { p2shScript } from '../script/template/p2sh.ts'
import { settlementKey } from '../settlement/settlement-entry.ts'
import type { SpentOutput } from '../transaction/spent-output.ts'
import { type BlockContext, checkBlockInContext } from './check-block-in-context.ts'
import { checkBlockInIsolation } from './check-block-in-isolation.ts'
import { coinbaseScriptSig } from './coinbase-script.ts'

/** So easy that every second hash is a block. */
const EASY = 0x207fffff
const PARAMS = { ...networkParams('local'), powLimitBits: EASY }
const HEIGHT = 300
const SCRIPT = p2pkhScript(new Uint8Array(20).fill(1))

function coinbase(value = 50n * COIN, height = HEIGHT): Transaction {
  const prevout = { txid: new Uint8Array(32), index: 0xffffffff }
  return {
    version: 1,
    vin: [{ prevout, scriptSig: coinbaseScriptSig(height, Uint8Array.of(1, 2, 3, 4)), sequence: 0xffffffff }],
    vout: [{ value, scriptPubKey: SCRIPT }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
}

/** Spends output 0 of the transaction `from` bytes name, with a fee of 10 from 100 base units. */
function payment(from: number, changes: Partial<Transaction> = {}): Transaction {
  const prevout = { txid: new Uint8Array(32).fill(from), index: 0 }
  return {
    version: 2,
    vin: [{ prevout, scriptSig: new Uint8Array(), sequence: 0xffffffff }],
    vout: [{ value: 90n, scriptPubKey: SCRIPT }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
    ...changes,
  }
}

function mined(
  transactions: readonly Transaction[],
  root = merkleRoot(transactions.map((tx) => txid(tx))).root,
): Block {
  const header = {
    version: 1,
    prevHash: new Uint8Array(32),
    merkleRoot: root,
    time: 1_800_000_000,
    bits: EASY,
    nonce: 0,
  }
  return { header: { ...header, nonce: mineGenesis(header) ?? 0 }, transactions }
}

const isolated = (transactions: readonly Transaction[]) => () => checkBlockInIsolation(mined(transactions), PARAMS)

test('a good block passes and gives its hashes', () => {
  const transactions = [coinbase(), payment(2), payment(3)]
  const { txids } = isolated(transactions)()
  assert.deepEqual(
    txids,
    transactions.map((tx) => txid(tx)),
  )
})

test('one coinbase, first', () => {
  assert.throws(isolated([payment(2)]), { code: 'NO_COINBASE' })
  assert.throws(isolated([payment(2), coinbase()]), { code: 'NO_COINBASE' })
  assert.throws(isolated([coinbase(), coinbase(1n)]), { code: 'EXTRA_COINBASE' })
})

test('transactions are those of the merkle root, none repeated to the same root', () => {
  const transactions = [coinbase(), payment(2), payment(3)]
  const { header } = mined(transactions)
  assert.throws(() => checkBlockInIsolation({ header, transactions: transactions.slice(0, 2) }, PARAMS), {
    code: 'BAD_MERKLE_ROOT',
  })
  const repeated = [...transactions, payment(3)]
  assert.throws(() => checkBlockInIsolation({ header, transactions: repeated }, PARAMS), {
    code: 'MUTATED_MERKLE_TREE',
  })
})

test('transactions that are not the header’s never show a fault as the header’s', () => {
  const { header } = mined([coinbase(), payment(2)])
  for (const transactions of [[], [payment(2)], [coinbase(), coinbase(1n)], [{ ...coinbase(), vout: [] }]]) {
    assert.throws(() => checkBlockInIsolation({ header, transactions }, PARAMS), { code: 'BAD_MERKLE_ROOT' })
  }
})

test('a transaction of 64 bytes may be an inner node of the tree', () => {
  const inner = { ...payment(2), vin: [], vout: [{ value: 0n, scriptPubKey: new Uint8Array(13) }] }
  assert.throws(isolated([coinbase(), inner]), { code: 'MUTATED_MERKLE_TREE' })
})

test('no output is spent twice, sizes and signature checks are bounded', () => {
  assert.throws(isolated([coinbase(), payment(2), payment(2, { lockTime: 1 })]), { code: 'DOUBLE_SPEND' })
  const big = (i: number) => payment(i, { vout: [{ value: 0n, scriptPubKey: new Uint8Array(99_000) }] })
  const numbers = Array.from({ length: 41 }, (_, i) => i + 2)
  assert.throws(isolated([coinbase(), ...numbers.map(big)]), { code: 'BLOCK_TOO_BIG' })
  const checks = (count: number): TxOut => ({ value: 0n, scriptPubKey: new Uint8Array(count).fill(OP.CHECKSIG) })
  isolated([{ ...coinbase(), vout: [checks(80_000)] }])()
  assert.throws(isolated([{ ...coinbase(), vout: [checks(80_001)] }]), { code: 'TOO_MANY_SIGOPS' })
})

const coin = (output: TxOut = { value: 100n, scriptPubKey: SCRIPT }): SpentOutput => ({
  output,
  height: 10,
  coinbase: false,
})

function inContext(transactions: readonly Transaction[], changes: Partial<BlockContext> = {}) {
  const context: BlockContext = {
    height: HEIGHT,
    medianTime: 1_800_000_000,
    medianTimeAt: () => 1_700_000_000,
    params: PARAMS,
    spent: transactions.map(({ vin }, i) => (i === 0 ? [] : vin.map(() => coin()))),
    hasSettlement: () => false,
    ...changes,
  }
  return checkBlockInContext({ header: mined([coinbase()]).header, transactions }, context)
}

test('the coinbase begins with its height and pays no more than subsidy and fees', () => {
  const [a, b] = [payment(2), payment(3)]
  assert.equal(inContext([coinbase(50n * COIN + 20n), a, b]).fees, 20n)
  assert.throws(() => inContext([coinbase(50n * COIN + 21n), a, b]), { code: 'COINBASE_PAYS_TOO_MUCH' })
  assert.throws(() => inContext([coinbase(1n, HEIGHT + 1)]), { code: 'BAD_COINBASE_HEIGHT' })
  for (const height of [0, 1, 16, 17, 255, 256, 70_000]) inContext([coinbase(1n, height)], { height })
})

test('every transaction is final and its inputs are old enough', () => {
  const locked = payment(2, { lockTime: HEIGHT, vin: [{ ...firstInput(payment(2)), sequence: 0xfffffffe }] })
  assert.throws(() => inContext([coinbase(), locked]), { code: 'NOT_FINAL' })
  const young = payment(2, { vin: [{ ...firstInput(payment(2)), sequence: 1_000 }] })
  assert.throws(() => inContext([coinbase(), young]), { code: 'SEQUENCE_LOCKED' })
  assert.throws(() => inContext([coinbase(), payment(2)], { spent: [[], [null]] }), { code: 'MISSING_INPUT' })
})

test('signature checks inside redeem scripts count against the block', () => {
  const redeem = new Uint8Array(500).fill(OP.CHECKSIG)
  const spends = Array.from({ length: 161 }, (_, i) =>
    payment(2, { vin: [{ ...firstInput(payment(2)), scriptSig: pushData(redeem), sequence: i }], version: 1 }),
  )
  const spent = [[], ...spends.map(() => [coin({ value: 100n, scriptPubKey: p2shScript(new Uint8Array(20)) })])]
  inContext([coinbase(), ...spends.slice(0, 159)], { spent })
  assert.throws(() => inContext([coinbase(), ...spends], { spent }), { code: 'TOO_MANY_SIGOPS' })
})

test('one settlement of a job by a node: in the block, in the chain, another node beside it', () => {
  const jobId = new Uint8Array(32).fill(9)
  const pays = (node: number, lockTime = 0) =>
    payment(2, { jobId, lockTime, vout: [{ value: 0n, scriptPubKey: opReturnScript(new Uint8Array(20).fill(node)) }] })
  const effects = inContext([coinbase(), pays(1), pays(2)])
  assert.equal(effects.settlements.length, 2)
  assert.throws(() => inContext([coinbase(), pays(1), pays(1, 5)]), { code: 'DUPLICATE_SETTLEMENT' })
  const known = effects.settlements.map(settlementKey)[0]
  assert.throws(() => inContext([coinbase(), pays(1)], { hasSettlement: (key) => key === known }), {
    code: 'DUPLICATE_SETTLEMENT',
  })
  assert.equal(inContext([coinbase(), pays(2)], { hasSettlement: (key) => key === known }).settlements.length, 1)
})

function firstInput(tx: Transaction): Transaction['vin'][number] {
  const [input] = tx.vin
  assert.ok(input)
  return input
}
