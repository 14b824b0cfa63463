import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToHex } from '@camelid/crypto'
import { Branch, PAYEE } from './branch.ts'
import { TestChain } from './harness.ts'
import { ledgerOf, rowsOfLedger } from './ledger.ts'
import { growAtRandom, seeded } from './random-branch.ts'
import { submitAll } from './submit.ts'
import { flushedHeight, inChainDatabase, rowsOfCoins, rowsOfHistory } from './tables.ts'

const SEED = Number(process.env.TEST_SEED ?? 7)

test('whatever is connected, taken off and killed in between, the coins are those of the best chain', async (context) => {
  context.diagnostic(`TEST_SEED=${SEED}`)
  const random = seeded(SEED)
  await using chain = await TestChain.start({ UTXO_CACHE_MB: '4' })
  let best = new Branch().grow(6)
  await submitAll(chain.client, best.blocks)
  let behind = 0
  for (let round = 0; round < 7; round++) {
    const depth = random(4)
    const next = new Branch({ branch: best, height: best.tip.height - depth })
    const kept = next.blocks.length
    growAtRandom(next, depth + 1 + random(5), random)
    await submitAll(chain.client, next.blocks.slice(kept))
    best = next
    assert.equal(await chain.height(), best.tip.height)
    if (random(3) === 0) await listed(chain, best)
    await chain.stop(random(4) === 0 ? 'SIGTERM' : 'SIGKILL')
    behind = Math.max(behind, best.tip.height - (await inChainDatabase(chain.databaseUrl, flushedHeight)))
    await chain.start({ UTXO_CACHE_MB: '4' })
    assert.equal(await inChainDatabase(chain.databaseUrl, flushedHeight), best.tip.height)
    if (random(2) === 0) await listed(chain, best)
  }
  assert.ok(behind >= 3, `the table was never more than ${behind} blocks behind: nothing was rolled forward`)
  await chain.stop('SIGKILL')
  await inChainDatabase(chain.databaseUrl, async (sql) => {
    const ledger = ledgerOf(best.blocks)
    assert.deepEqual(await rowsOfCoins(sql), rowsOfLedger(ledger))
    assert.deepEqual(await rowsOfHistory(sql), ledger.history)
  })
})

/** What the service tells of the payee's coins is what the blocks come to. */
async function listed({ client }: TestChain, branch: Branch): Promise<void> {
  const { utxos, tipHeight } = await client.getUtxos({ h2: PAYEE })
  assert.equal(tipHeight, branch.tip.height)
  const told = utxos.map(({ outpoint, value }) => `${bytesToHex(outpoint?.txid ?? PAYEE)}:${outpoint?.index} ${value}`)
  const own = [...ledgerOf(branch.blocks).coins.values()]
    .filter(({ scriptPubKey }) => bytesToHex(scriptPubKey).includes(bytesToHex(PAYEE)))
    .map(({ outpoint, value }) => `${bytesToHex(outpoint.txid)}:${outpoint.index} ${value}`)
  assert.deepEqual(told.toSorted(), own.toSorted())
}
