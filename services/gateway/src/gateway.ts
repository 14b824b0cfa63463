import { randomBytes } from 'node:crypto'
import { setInterval as every } from 'node:timers/promises'
import { networkParams } from '@camelid/consensus'
import { bytesToHex, hash160 } from '@camelid/crypto'
import type { Bus } from '@camelid/events'
import type { Identity, PeerOptions } from '@camelid/p2p'
import type { Clock } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { CatchUp } from './catch-up/catch-up.ts'
import { CompactRelay } from './compact/compact-relay.ts'
import { followOwnBlocks } from './compact/follow-own-blocks.ts'
import type { Config } from './config.ts'
import { createMetrics } from './metrics.ts'
import { OFFERED } from './offered.ts'
import type { GatewayParts } from './parts.ts'
import { AddressBook } from './peers/address-book.ts'
import { BanList, banText } from './peers/ban-list.ts'
import { Dialler } from './peers/dialler.ts'
import { runFeelers } from './peers/feelers.ts'
import { GuestPlaces } from './peers/guest-places.ts'
import { listen } from './peers/listen.ts'
import type { Peer } from './peers/peer.ts'
import { dismiss, PeerTable } from './peers/peer-table.ts'
import { Reachability } from './peers/reachability.ts'
import { Inventory } from './relay/inventory.ts'
import { Owners } from './relay/owners.ts'
import { Routes } from './relay/routes.ts'
import { SeenCache } from './relay/seen-cache.ts'
import { Announcer } from './sync/announce.ts'
import { BlockFetcher } from './sync/block-fetcher.ts'
import { HeaderLead } from './sync/header-lead.ts'
import { judgeBlock, replaceStalled } from './sync/judge-block.ts'
import { WantedBlocks } from './sync/keep-wanted.ts'
import { syncWithAll } from './sync/take-chain-message.ts'
import { TipWatch } from './sync/tip-watch.ts'
import { TransactionFetcher } from './sync/transaction-fetcher.ts'
import { Turnstile } from './turnstile.ts'

/** How often it is looked for what is late. */
const TICK_MS = 500
/** Questions of peers before the owners at once. */
const MAX_ASKING = 8

/** A running gateway. */
export interface Gateway {
  readonly parts: GatewayParts
  /** Port of the peer protocol. */
  readonly port: number
}

export interface GatewayContext {
  readonly config: Config
  readonly identity: Identity
  readonly sql: Sql
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  readonly registry: Registry
  /** Takes what has to be closed, in reverse order. */
  readonly stack: AsyncDisposableStack
}

/**
 * Starts everything that talks to peers: listens, dials, follows owners and events until `signal` aborts.
 * @throws P2pError PORT_IN_USE, LISTEN_FAILED
 */
export async function startGateway(context: GatewayContext): Promise<Gateway> {
  const { config, signal, stack, log } = context
  const perGroup = config.OUTBOUND_PER_GROUP ?? (config.NETWORK === 'local' ? 0 : 2)
  const book = await AddressBook.open({
    sql: context.sql,
    clock: context.clock,
    loopbackApart: perGroup === 0,
    entropy: randomBytes(32),
  })
  const parts = createParts(context, book)
  await parts.bans.load()
  const options = peerOptions(parts)
  const running: Promise<void>[] = []
  stack.defer(async () => {
    await Promise.all(running)
  })
  const listener = stack.use(await listen(parts, options, config))
  stack.defer(() => parts.peers.closeAll())
  log.info({ host: config.P2P_HOST, port: listener.port, network: config.NETWORK }, 'listening for peers')
  const dialling = { ...options, listenPort: listener.port }
  const dialler = new Dialler({
    parts,
    options: dialling,
    seeds: config.SEEDS,
    outbound: config.OUTBOUND_PEERS,
    perGroup,
  })
  running.push(parts.owners.run(signal), parts.tip.run(signal), dialler.run(), new Announcer(parts).run(context.bus))
  running.push(lookForLate(parts), runFeelers(parts, dialling), followOwnBlocks(parts))
  return { parts, port: listener.port }
}

function createParts(context: GatewayContext, book: AddressBook): GatewayParts {
  const { config, identity, sql, clock, log, signal, registry, stack } = context
  const params = networkParams(config.NETWORK)
  const metrics = createMetrics(registry, {
    peers: () => ({ inbound: peers.count(true), outbound: peers.count(false) }),
    bans: () => bans.list().length,
    reachable: () => reachability.reach.reachable,
    addresses: () => book.count(),
  })
  const reachability = new Reachability({ clock, network: config.NETWORK, port: config.P2P_PORT })
  const peers = new PeerTable({ identity, magic: params.magic, metrics })
  const owners = stack.use(
    new Owners({
      chainUrl: config.CHAIN_URL,
      jobPoolUrl: config.JOB_POOL_URL,
      log,
      onChainUp: () => syncWithAll(parts),
      onJobPoolUp: () => parts.catchUp.again(),
    }),
  )
  const bans: BanList = new BanList({ sql, clock, log, metrics })
  const charge = (peer: Peer, score: number, reason: string): void => {
    const culprit = { h2Hex: peer.h2Hex, remote: peer.connection.remote }
    if (score > 0) log.info({ peer: peer.h2Hex, score, reason }, 'a peer misbehaved')
    const ban = bans.charge(culprit, score, reason)
    if (ban !== undefined) dismiss(peer, 'BANNED', banText(ban))
  }
  const compact = new CompactRelay(clock)
  const parts: GatewayParts = {
    params,
    identity,
    clock,
    log,
    signal,
    sql,
    metrics,
    owners,
    peers,
    places: new GuestPlaces({ secret: randomBytes(32), max: config.MAX_INBOUND }),
    reachability,
    bans,
    book,
    charge,
    routes: new Routes(peers),
    seen: new SeenCache(),
    blocks: new BlockFetcher({
      table: peers,
      clock,
      elsewhere: (key) => compact.isBusy(key),
      onBlock: (block) => void judgeBlock(parts, block),
      onStalled: (peer) => replaceStalled(parts, peer),
    }),
    wanted: new WantedBlocks(
      () => parts,
      () => syncWithAll(parts),
    ),
    headerLead: new HeaderLead(),
    compact,
    transactions: new TransactionFetcher({ table: peers, clock }),
    inventory: new Inventory({ peers, signal }),
    tip: new TipWatch({ chain: owners.chain, log }),
    catchUp: new CatchUp(() => parts),
    asking: new Turnstile(MAX_ASKING),
  }
  return parts
}

function peerOptions(parts: GatewayParts): PeerOptions {
  return {
    identity: parts.identity,
    params: parts.params,
    services: OFFERED,
    agent: 'camelid-gateway/0.1.0',
    log: parts.log,
    getStatus: () => ({ height: parts.tip.tip?.height ?? 0, work: parts.tip.tip?.work ?? new Uint8Array(0) }),
    admit: (hello, remote) => {
      const ban = parts.bans.find({ h2Hex: bytesToHex(hash160(hello.nodeKey)), remote })
      return ban === undefined ? undefined : { code: 'BANNED', detail: banText(ban) }
    },
    onTraffic: (direction, type, bytes) => parts.metrics.traffic(direction, type, bytes),
  }
}

/** What does not come is asked for elsewhere. */
async function lookForLate(parts: GatewayParts): Promise<void> {
  try {
    for await (const _ of every(TICK_MS, undefined, { signal: parts.signal })) {
      parts.blocks.tick()
      parts.wanted.look()
      parts.transactions.tick()
      void parts.catchUp.tick()
    }
  } catch (error) {
    if (!parts.signal.aborted) throw error
  }
}
