import assert from 'node:assert/strict'
import test from 'node:test'
import { parseDisplayHash } from '@camelid/codec'
import { CLI } from '../src/checkout.ts'
import type { Parties } from '../src/demo/parties.ts'
import { runProgram } from '../src/process/run-program.ts'
import type { Testnet } from '../src/testnet.ts'
import { startMiner } from './far-miner.ts'
import { longWindow, onTestnet, openHome } from './home.ts'
import { buyOfEach, knowsVerifier, modelsWithoutFiles, startVerifiers } from './no-model.ts'
import { NodeView } from './node-view.ts'
import { until } from './until.ts'

test('five full nodes of five keys', async (t) => {
  using home = openHome(20_000, { NODES: '5' })
  using models = modelsWithoutFiles()
  const overrides = longWindow({
    'worker-2': { CHEAT: 'wrong-seed' },
    // Nobody of its own looks at what it sells.
    'job-pool-2': { SELF_CHECK: 'off' },
    client: { MODELS_DIR: models.dir },
  })
  const use = async (testnet: Testnet, parties: Parties) => {
    using stack = new DisposableStack()
    // The three that the client knows: they do not compute, but check for it.
    await using _verifiers = startVerifiers(testnet)
    const views = testnet.nodes.map((node) => stack.use(new NodeView(node)))
    // Another miner, on the far side.
    const { address } = await parties.client.wallet()
    await using far = startMiner(testnet.nodes[3], address)

    const keys = await Promise.all(views.map((view) => view.h2()))
    const allKnowAll = async () => {
      for (const view of views) await until(`${view.node.name} to know all`, () => view.knows(keys))
    }
    await t.test('they find each other from one seed', allKnowAll)

    await t.test(
      'parted into two and three they mine on both sides; whole again they lose no transaction',
      async () => {
        const sides = [views.slice(0, 2), views.slice(2)] as const
        const [[near], three] = sides
        assert.ok(near)
        await part(sides)
        // Of coins that both sides know.
        const txid = await send(testnet, address)
        const lost = await until('a block of the three with it', async () => {
          const where = await commonTo(three, (view) => view.find(txid))
          return where === 'mempool' ? undefined : where
        })
        await far.stop()
        const losing = await until('one tip of the three', () =>
          commonTo(three, async (view) => (await view.tip()).work),
        )
        await until('the two to have done more work', async () => (await near.tip()).work > losing)
        assert.equal(await near.find(txid), undefined, 'the two know nothing of it')
        assert.equal(await commonTo(three, async (view) => (await view.tip()).work), losing, 'the three know less')
        await heal(sides)
        await until('one tip', () => commonTo(views, async (view) => (await view.tip()).hash))
        const again = await until('it to be in one block everywhere', async () => {
          const where = await commonTo(views, (view) => view.find(txid))
          return where === 'mempool' ? undefined : where
        })
        assert.notEqual(again, lost)
      },
    )

    await t.test(
      'of two nodes that the client does not know, its neighbours tell the cheat, since it lacks the model',
      async () => {
        // A seller to whom a job comes by way of the other is late for it.
        await allKnowAll()
        await Promise.all(testnet.nodes.map(knowsVerifier))
        const [honest, cheat] = await Promise.all(
          parties.jobPools.map(async (pool) => Buffer.from((await pool.getNode({})).nodeKey).toString('hex')),
        )
        assert.ok(honest && cheat)
        assert.deepEqual(await buyOfEach([honest, cheat], testnet, parties), { [honest]: 'VALID', [cheat]: 'INVALID' })
        const standings = await runProgram(process.execPath, [CLI, 'node', 'standing', '--client', testnet.clientUrl])
        assert.match(standings, new RegExp(`${honest} +good .*\n`))
        assert.match(standings, new RegExp(`${cheat} +poor .*\n`))
      },
    )
  }
  await onTestnet(home, overrides, use)
})

/** Each bans all of the other side, and has no connection to it any more. */
async function part(sides: readonly (readonly NodeView[])[]): Promise<void> {
  await acrossAll(sides, (view, h2) => view.ban(h2))
  await acrossAll(sides, async (view, h2) => {
    const key = Buffer.from(h2).toString('hex')
    await until('the connections to end', async () => !(await view.peers()).has(key))
  })
}

const heal = (sides: readonly (readonly NodeView[])[]): Promise<void> => acrossAll(sides, (view, h2) => view.unban(h2))

/** For every node, each key of the other side. */
async function acrossAll(
  sides: readonly (readonly NodeView[])[],
  work: (view: NodeView, h2: Uint8Array) => Promise<void>,
): Promise<void> {
  for (const side of sides) {
    const keys = await Promise.all(
      sides.filter((other) => other !== side).flatMap((other) => other.map((view) => view.h2())),
    )
    await Promise.all(side.flatMap((view) => keys.map((h2) => work(view, h2))))
  }
}

/** What all of them say alike; undefined where they differ. */
async function commonTo<T>(views: readonly NodeView[], ask: (view: NodeView) => Promise<T>): Promise<T | undefined> {
  const [first, ...others] = await Promise.all(views.map(ask))
  return others.every((answer) => answer === first) ? first : undefined
}

/** The client pays a coin to itself. */
async function send({ clientUrl }: Testnet, address: string): Promise<Uint8Array> {
  const response = await fetch(`${clientUrl}/wallet/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address, amount: '100000000' }),
  })
  const answer: unknown = await response.json()
  assert.ok(typeof answer === 'object' && answer !== null && 'txid' in answer, JSON.stringify(answer))
  return parseDisplayHash(String(answer.txid))
}
