import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeTransaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { listBondsAt } from '../src/store/bonds.ts'
import { Branch, PAYEE, params } from './branch.ts'
import { DEADLINE, deepBranches, FORK, timeAfter } from './deep-branches.ts'
import { TestChain } from './harness.ts'
import { ledgerOf, rowsOfLedger } from './ledger.ts'
import { NODES } from './slashing.ts'
import { PATIENTLY, submitAll } from './submit.ts'
import { inChainDatabase, rowsOfCoins, rowsOfHistory } from './tables.ts'

/** From this height on the nodes' bonds are there. */
const BONDED = 7

const withCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code

test('bonds are known as of V + A blocks ago: a verdict at its last height, a reorganisation that deep, and back; deeper than a node kept blocks, it says so', async () => {
  const { first, second, verdict } = deepBranches()
  assert.equal(DEADLINE - FORK, params.verdictLife + params.bondAge)
  await using chain = await TestChain.start()
  const { client } = chain
  const inTemplate = async () =>
    (await client.getBlockTemplate({ payoutH2: PAYEE })).transactions.map((raw) => bytesToHex(raw))
  /** @param slashed the height of the block with the verdict */
  const check = async (branch: Branch, slashed: number) => {
    const { tipHeight } = await client.getUtxos({ h2: PAYEE }, PATIENTLY)
    assert.equal(tipHeight, branch.tip.height)
    const ledger = ledgerOf(branch.blocks)
    await inChainDatabase(chain.databaseUrl, async (sql) => {
      assert.deepEqual(await rowsOfCoins(sql), rowsOfLedger(ledger))
      assert.deepEqual(await rowsOfHistory(sql), ledger.history)
      for (let at = 0; at <= branch.tip.height; at++) {
        const bonds = await listBondsAt(sql, { at, minimum: params.minimumBond, lockedBeyond: at })
        const expected = at < BONDED ? 0 : at < slashed ? NODES.length : NODES.length - 1
        assert.equal(bonds.length, expected, `as of height ${at}`)
      }
    })
  }

  await submitAll(client, first.blocks)
  await client.submitTransaction({ transaction: encodeTransaction(verdict) })
  assert.deepEqual(await inTemplate(), [bytesToHex(encodeTransaction(verdict))])

  const late = new Branch({ branch: first, height: DEADLINE - 1 })
  await client.submitBlock({ block: late.add([], { tag: 3, time: timeAfter(late) }) })
  const expired = client.submitBlock({ block: late.add([verdict], { time: timeAfter(late) }) }, PATIENTLY)
  await assert.rejects(expired, /the verdict releases nothing: VERDICT_EXPIRED/)

  const judged = new Branch({ branch: first, height: DEADLINE - 1 })
  await client.submitBlock({ block: judged.add([verdict], { time: timeAfter(judged) }) }, PATIENTLY)
  judged.add([], { time: timeAfter(judged) })
  await submitAll(client, judged.blocks.slice(DEADLINE))
  await check(judged, DEADLINE)

  second.add([], { time: timeAfter(second) })
  await submitAll(client, second.blocks.slice(FORK))
  assert.equal(await chain.height(), second.tip.height)
  assert.deepEqual(await inTemplate(), [], 'the block that the verdict names is gone')
  await check(second, Number.POSITIVE_INFINITY)

  for (let i = 0; i < 2; i++) judged.add([], { time: timeAfter(judged) })
  await submitAll(client, judged.blocks.slice(DEADLINE + 1))
  await chain.stop('SIGKILL')
  await chain.start()
  await check(judged, DEADLINE)

  const { height } = await client.pruneBlocks({ keep: DEADLINE - FORK }, PATIENTLY)
  assert.ok(height > FORK)
  while (second.tip.height < judged.tip.height) second.add([], { time: timeAfter(second) })
  await submitAll(client, second.blocks.slice(DEADLINE + 2))
  const further = client.submitBlock({ block: second.add([], { time: timeAfter(second) }) }, PATIENTLY)
  await assert.rejects(further, withCode('PRUNED'))
  await check(judged, DEADLINE)
})
