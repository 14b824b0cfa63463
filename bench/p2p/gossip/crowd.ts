// A process of its own, so that what it takes is not counted as the gateway's: the owners behind the gateway, and the peers before it.
import { randomBytes } from 'node:crypto'
import { bytesToHex, sha256d } from '@camelid/crypto'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { percentile } from '../../report.ts'
import { ChattyPeer, type Ear } from './chatty-peer.ts'
import { EasyOwners } from './owners.ts'
import type { CrowdPlan, CrowdReport } from './plan.ts'

const TICK_MS = 100
const TRANSACTION_BYTES = 250
const STATEMENT_BYTES = 220
/** Every so many-th telling is timed. */
const TIMED = 50

const plan: CrowdPlan = JSON.parse(process.argv[2] ?? '{}')
const owners = await EasyOwners.start(plan)
const made = new Map<string, { transaction: Uint8Array; atMs: number; tellers: ReadonlySet<ChattyPeer> }>()
const delays: number[] = []
let [told, statements, wanted] = [0, 0, 0]
const ear: Ear = {
  heard(txids, by) {
    for (const txid of txids) {
      const one = made.get(bytesToHex(txid))
      // Who told of it may be told of it, among many others.
      if (one === undefined || one.tellers.has(by)) continue
      if (told++ % TIMED === 0) delays.push(performance.now() - one.atMs)
    }
    // Each is fetched by one of those that are told: on the average a node serves every transaction once.
    const some = txids.filter(() => Math.random() < 1 / (plan.peers - plan.announcers))
    wanted += some.length
    return some
  },
  statement: () => {
    statements++
  },
  transaction: (txidHex) => made.get(txidHex)?.transaction,
}
const peers: ChattyPeer[] = []
let [items, flooded] = [0, 0]

/** New items of one tick, each told by some of the peers. */
function tick(): void {
  const news = new Map<ChattyPeer, Uint8Array[]>()
  const pick = (): ChattyPeer | undefined => peers[Math.floor(Math.random() * peers.length)]
  for (let i = 0; i < (plan.transactions * TICK_MS) / 1_000; i++) {
    const transaction = randomBytes(TRANSACTION_BYTES)
    const txid = sha256d(transaction)
    items++
    const tellers = new Set<ChattyPeer>()
    while (tellers.size < plan.announcers) {
      const one = pick()
      if (one !== undefined) tellers.add(one)
    }
    made.set(bytesToHex(txid), { transaction, atMs: performance.now(), tellers })
    for (const teller of tellers) news.set(teller, [...(news.get(teller) ?? []), txid])
  }
  for (const [peer, txids] of news) peer.announce(txids)
  for (let i = 0; i < (plan.statements * TICK_MS) / 1_000; i++) {
    pick()?.flood(MessageType.PROGRESS, randomBytes(STATEMENT_BYTES))
    flooded++
  }
}

async function run({ port, seconds }: { port: number; seconds: number }): Promise<CrowdReport> {
  while (peers.length < plan.peers) peers.push(await ChattyPeer.dial(port, ear))
  const start = performance.now()
  const ticks = (seconds * 1_000) / TICK_MS
  // By the clock, so that a late timer loses no item.
  for (let done = 0; done < ticks; ) {
    const due = Math.min(ticks, Math.floor((performance.now() - start) / TICK_MS))
    for (; done < due; done++) tick()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  return {
    items: items + flooded,
    told: told / (items * (plan.peers - plan.announcers)),
    flooded: flooded === 0 ? 1 : statements / (flooded * (plan.peers - 1)),
    fetched: wanted === 0 ? 1 : peers.reduce((sum, peer) => sum + peer.transactions, 0) / wanted,
    delayMs: percentile(delays, 0.95),
    ended: peers.flatMap(({ ended }) => ended ?? []),
  }
}

process.on('message', (order: { port: number; seconds: number }) => {
  void run(order).then((report) => process.send?.(report))
})
process.once('disconnect', () => process.exit(0))
process.send?.({ url: owners.url })
