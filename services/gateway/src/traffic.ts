import { type KnownType, typeName } from '@camelid/p2p'
import { Counter, type Registry } from 'prom-client'

interface Tally {
  messages: number
  bytes: number
}

/** Counts what goes to and comes from peers. Frames come by the ten thousand a second, so labels are looked up only when somebody reads. */
export class Traffic {
  readonly #tallies = { in: new Map<KnownType, Tally>(), out: new Map<KnownType, Tally>() }

  constructor(registry: Registry) {
    const tallies = this.#tallies
    const common = { labelNames: ['direction', 'type'], registers: [registry] }
    const tell = (counter: Counter, of: (tally: Tally) => number): void => {
      counter.reset()
      for (const direction of ['in', 'out'] as const)
        for (const [type, tally] of tallies[direction]) counter.inc({ direction, type: typeName(type) }, of(tally))
    }
    new Counter({
      ...common,
      name: 'camelid_p2p_bytes_total',
      help: 'Bytes of frames to and from peers',
      collect() {
        tell(this, ({ bytes }) => bytes)
      },
    })
    new Counter({
      ...common,
      name: 'camelid_p2p_messages_total',
      help: 'Frames to and from peers',
      collect() {
        tell(this, ({ messages }) => messages)
      },
    })
  }

  count(direction: 'in' | 'out', type: KnownType, bytes: number): void {
    const tally = this.#tallies[direction].get(type)
    if (tally === undefined) {
      this.#tallies[direction].set(type, { messages: 1, bytes })
      return
    }
    tally.messages += 1
    tally.bytes += bytes
  }
}
