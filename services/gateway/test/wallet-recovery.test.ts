import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { encodeTransaction } from '@camelid/codec'
import { p2pkhScript } from '@camelid/consensus'
import { sealKeystore, utf8 } from '@camelid/crypto'
import { freePort, ServiceProcess } from '@camelid/local/testing'
import { Account, Branch, buildSpend } from '@camelid/wallet'
import { z } from 'zod'
import { sharedNats } from './shared-nats.ts'
import { TestChain } from './test-chain.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

const CLIENT = fileURLToPath(new URL('../../client/src/main.ts', import.meta.url))
const WORDS = `${'abandon '.repeat(11)}about`
const COIN = 100_000_000n
const LIMIT_MS = 60_000

const wallet = z.looseObject({ balance: z.string(), synced: z.boolean() })
const listed = z.object({
  addresses: z.array(z.looseObject({ path: z.string(), used: z.boolean(), balance: z.string() })),
})

/** Whatever was started, so that it ends also where the test failed half-way. */
const stack = new AsyncDisposableStack()
after(() => stack.disposeAsync())

const account = Account.fromMnemonic(WORDS)
const keyAt = (index: number) => account.key({ branch: Branch.RECEIVE, index })

test('a wallet brought back from its words finds coins at index 7, and at 40 behind an address that was spent', async () => {
  const nats = await sharedNats()
  stack.defer(() => nats.stop())
  const gateway = stack.use(await TestGateway.prepare())
  const chain = stack.use(await TestChain.prepare(gateway.name))
  await chain.start()
  await gateway.start({ CHAIN_URL: chain.url })

  await mineTo(chain, keyAt(7).address, 2)
  await mineTo(chain, keyAt(25).address, 4)
  await mineTo(chain, keyAt(1_000).address, 11)
  const fee = await payOn(chain, 25, 40)
  const height = await chain.height()
  await mineTo(chain, keyAt(1_000).address, height + 1)
  const { utxos: left } = await chain.client.getUtxos({ h2: keyAt(25).h2 })
  assert.equal(left.length, 0, 'only its history tells of index 25')
  const expected = (await valueAt(chain, 7)) + (await valueAt(chain, 40))
  assert.ok(expected > 100n * COIN && fee > 0n)

  const url = await startClient(gateway)
  const read = async <T>(path: string, schema: z.ZodType<T>) => schema.parse(await (await fetch(url + path)).json())
  await until(
    'the coins',
    async () => BigInt((await read('/wallet', wallet).catch(() => undefined))?.balance ?? 0) === expected,
    LIMIT_MS,
  )
  const { addresses } = await read('/wallet/addresses', listed)
  const used = addresses.filter((one) => one.used).map(({ path }) => path)
  assert.deepEqual(
    used,
    [7, 25, 40].map((index) => `m/44'/7331'/0'/0/${index}`),
  )
  assert.equal(addresses.length, 41)
})

/** Lets the miner pay this address until the chain has this height, or a block more. */
async function mineTo(chain: TestChain, address: string, height: number): Promise<void> {
  await using _ = chain.startMiner(address)
  await chain.reach(height, LIMIT_MS)
}

async function valueAt(chain: TestChain, index: number): Promise<bigint> {
  const { utxos } = await chain.client.getUtxos({ h2: keyAt(index).h2 })
  return utxos.reduce((sum, { value }) => sum + value, 0n)
}

/** Spends all that one address holds to another, and waits for nothing. @returns the fee */
async function payOn(chain: TestChain, from: number, to: number): Promise<bigint> {
  const { utxos } = await chain.client.getUtxos({ h2: keyAt(from).h2 })
  const coins = utxos.flatMap(({ outpoint, value }) =>
    outpoint === undefined ? [] : [{ outpoint, value, h2: keyAt(from).h2 }],
  )
  const total = coins.reduce((sum, { value }) => sum + value, 0n)
  const transaction = buildSpend({
    coins,
    outputs: [{ value: total - 10_000n, scriptPubKey: p2pkhScript(keyAt(to).h2) }],
    change: keyAt(to).h2,
    key: keyAt(from),
    feeRate: 2n,
  })
  await chain.client.submitTransaction({ transaction: encodeTransaction(transaction) })
  return total - transaction.vout.reduce((sum, { value }) => sum + value, 0n)
}

/** The real client on a new directory with these words. @returns the address of its API */
async function startClient(gateway: TestGateway): Promise<string> {
  const dir = join(gateway.directory, 'client')
  mkdirSync(dir, { mode: 0o700 })
  const password = 'a test password'
  writeFileSync(join(dir, 'password'), `${password}\n`, { mode: 0o600 })
  writeFileSync(join(dir, 'wallet.keystore'), sealKeystore({ secrets: { words: utf8(WORDS) }, password }), {
    mode: 0o600,
  })
  const port = await freePort()
  stack.use(
    new ServiceProcess(CLIENT, {
      HTTP_PORT: String(port),
      DATA_DIR: dir,
      PASSWORD_FILE: join(dir, 'password'),
      PEERS: `127.0.0.1:${gateway.port}`,
    }),
  )
  return `http://127.0.0.1:${port}`
}
