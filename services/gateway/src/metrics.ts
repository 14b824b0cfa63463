import { type KnownType, typeName } from '@camelid/p2p'
import { Counter, Gauge, type Registry } from 'prom-client'

/** What the gateway counts. */
export interface Metrics {
  traffic(direction: 'in' | 'out', type: KnownType, bytes: number): void
  verdict(type: KnownType, outcome: string): void
  refused(code: string): void
  banned(): void
  dropped(type: KnownType): void
}

/** What the gateway is asked for when somebody reads the metrics. */
export interface Gauges {
  peers(): { inbound: number; outbound: number }
  bans(): number
  /** Of the address book: reached by ourselves, and hearsay. */
  addresses(): Promise<{ tried: number; fresh: number }>
}

export function createMetrics(registry: Registry, gauges: Gauges): Metrics {
  const registers = [registry]
  const bytes = new Counter({
    name: 'camelid_p2p_bytes_total',
    help: 'Bytes of frames to and from peers',
    labelNames: ['direction', 'type'],
    registers,
  })
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
    help: 'Frames not sent because the queue to a peer was full',
    labelNames: ['type'],
    registers,
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
    traffic: (direction, type, amount) => bytes.inc({ direction, type: typeName(type) }, amount),
    verdict: (type, outcome) => verdicts.inc({ type: typeName(type), outcome }),
    refused: (code) => refusals.inc({ code }),
    banned: () => bans.inc(),
    dropped: (type) => drops.inc({ type: typeName(type) }),
  }
}
