import { type KnownType, typeName } from '@camelid/p2p'
import { Counter, Gauge, type Registry } from 'prom-client'
import { Traffic } from './traffic.ts'

/** What the gateway counts. */
export interface Metrics {
  traffic(direction: 'in' | 'out', type: KnownType, bytes: number): void
  verdict(type: KnownType, outcome: string): void
  refused(code: string): void
  banned(): void
  /** A message was not sent or not taken: its queue was full, its sender over the rate of its type, or over what is passed on for it. */
  dropped(type: KnownType, why: 'queue' | 'rate' | 'quota'): void
  /** An addressed message was passed on for a peer, in so many copies. */
  forwarded(type: KnownType, copies: number): void
  /** A peer left because all places were taken. */
  evicted(): void
  /** A socket was closed at accept. */
  crowded(): void
}

/** What the gateway is asked for when somebody reads the metrics. */
export interface Gauges {
  peers(): { inbound: number; outbound: number }
  bans(): number
  /** Does this node know that others reach it? */
  reachable(): boolean
  /** Of the address book: reached by ourselves, and hearsay. */
  addresses(): Promise<{ tried: number; fresh: number }>
}

export function createMetrics(registry: Registry, gauges: Gauges): Metrics {
  const registers = [registry]
  const traffic = new Traffic(registry)
  const verdicts = new Counter({
    name: 'camelid_p2p_verdicts_total',
    help: 'What the owners said about what peers sent',
    labelNames: ['type', 'outcome'],
    registers,
  })
  const refusals = new Counter({
    name: 'camelid_p2p_refused_total',
    help: 'Connections that ended in the handshake',
    labelNames: ['code'],
    registers,
  })
  const bans = new Counter({ name: 'camelid_p2p_bans_total', help: 'Peers banned', registers })
  const drops = new Counter({
    name: 'camelid_p2p_dropped_total',
    help: 'Messages dropped, because the queue to a peer was full, its rate too high, or its quota of forwarding spent',
    labelNames: ['type', 'why'],
    registers,
  })
  const forwards = new Counter({
    name: 'camelid_p2p_forwarded_total',
    help: 'Copies of addressed messages passed on for peers',
    labelNames: ['type'],
    registers,
  })
  const evictions = new Counter({
    name: 'camelid_p2p_evicted_total',
    help: 'Peers that left because all places were taken',
    registers,
  })
  const crowds = new Counter({
    name: 'camelid_p2p_crowded_total',
    help: 'Sockets closed at accept, for want of places',
    registers,
  })
  new Gauge({
    name: 'camelid_p2p_reachable',
    help: 'Whether others are known to reach this node: 1 or 0',
    registers,
    collect() {
      this.set(gauges.reachable() ? 1 : 0)
    },
  })
  new Gauge({
    name: 'camelid_p2p_peers',
    help: 'Connected peers',
    labelNames: ['direction'],
    registers,
    collect() {
      const { inbound, outbound } = gauges.peers()
      this.set({ direction: 'in' }, inbound)
      this.set({ direction: 'out' }, outbound)
    },
  })
  new Gauge({
    name: 'camelid_p2p_addresses',
    help: 'Addresses of the book: reached by this node, and hearsay',
    labelNames: ['table'],
    registers,
    async collect() {
      // Without the database the other figures are wanted all the more.
      const counts = await gauges.addresses().catch(() => undefined)
      if (counts === undefined) return
      this.set({ table: 'tried' }, counts.tried)
      this.set({ table: 'new' }, counts.fresh)
    },
  })
  new Gauge({
    name: 'camelid_p2p_banned',
    help: 'Node keys and hosts kept out now',
    registers,
    collect() {
      this.set(gauges.bans())
    },
  })
  return {
    traffic: (direction, type, bytes) => traffic.count(direction, type, bytes),
    verdict: (type, outcome) => verdicts.inc({ type: typeName(type), outcome }),
    refused: (code) => refusals.inc({ code }),
    banned: () => bans.inc(),
    dropped: (type, why) => drops.inc({ type: typeName(type), why }),
    forwarded: (type, copies) => forwards.inc({ type: typeName(type) }, copies),
    evicted: () => evictions.inc(),
    crowded: () => crowds.inc(),
  }
}
