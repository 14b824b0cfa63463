import { offers, Services } from '@camelid/p2p'
import { LruMap } from '../lru-map.ts'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { askOpenJobs } from './ask-open-jobs.ts'

/** Peers that are asked: enough that one of them knows. */
const MAX_PEERS = 8
/** A peer is asked again after so long, then after twice that, and so on: what our chain does not know yet it may know then. */
const FIRST_PAUSE_MS = 2_000
const LAST_PAUSE_MS = 60_000
/** But no more often than this where its own words show that something is missed. */
const LEAST_PAUSE_MS = 5_000
/** Jobs that are remembered of a peer. */
const MAX_TRIED = 1_024

/** What is remembered of a peer that is asked. */
interface Asked {
  lastMs: number
  nextMs: number
  pauseMs: number
  /** How often it told a job in one state. */
  readonly tried: LruMap<string, number>
}

/**
 * Jobs and statements are flooded once. What was flooded while this node did not hear it, before it started, while its job-pool was away, on
 * the other side of a network that was parted, it learns by asking: each of a few peers as soon as it is connected, then less and less often.
 */
export class CatchUp {
  readonly #parts: () => GatewayParts
  #asked = new WeakMap<Peer, Asked>()
  #busy = false

  constructor(parts: () => GatewayParts) {
    this.#parts = parts
  }

  /** The job-pool was away, and heard nothing meanwhile: all are asked anew. */
  again(): void {
    this.#asked = new WeakMap()
  }

  /** What this peer sent could not be judged, since what it builds on is missed here. */
  soon(peer: Peer): void {
    const asked = this.#asked.get(peer)
    if (asked !== undefined) asked.nextMs = Math.min(asked.nextMs, asked.lastMs + LEAST_PAUSE_MS)
  }

  /** Asks whoever is due, one after the other, so that no job is fetched twice; never rejects. */
  async tick(): Promise<void> {
    const parts = this.#parts()
    if (this.#busy || !parts.owners.connected.jobPool) return
    this.#busy = true
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next())
        await askOpenJobs(parts, next.peer, next.tried)
    } finally {
      this.#busy = false
    }
  }

  /** Those that we dialled, and as far as they are too few those that came to us. */
  #peers(): Peer[] {
    const { peers } = this.#parts()
    const able = peers.list().filter(({ connection }) => offers(connection.hello.services, Services.OPEN_JOBS))
    return able.sort((a, b) => Number(a.connection.inbound) - Number(b.connection.inbound)).slice(0, MAX_PEERS)
  }

  /** Of those who are due the one whose turn is longest ago. */
  #next(): { peer: Peer; tried: Asked['tried'] } | undefined {
    const now = performance.now()
    const all = this.#peers().map((peer) => ({ peer, asked: this.#asked.get(peer) ?? neverAsked() }))
    const [next] = all.filter(({ asked }) => asked.nextMs <= now).sort((a, b) => a.asked.lastMs - b.asked.lastMs)
    if (next === undefined) return undefined
    const { peer, asked } = next
    this.#asked.set(peer, asked)
    asked.lastMs = now
    asked.nextMs = now + asked.pauseMs
    asked.pauseMs = Math.min(LAST_PAUSE_MS, asked.pauseMs * 2)
    return { peer, tried: asked.tried }
  }
}

function neverAsked(): Asked {
  return { lastMs: 0, nextMs: 0, pauseMs: FIRST_PAUSE_MS, tried: new LruMap(MAX_TRIED) }
}
