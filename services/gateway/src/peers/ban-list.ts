import { hostGroup, type Remote } from '@camelid/p2p'
import type { Clock } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import type { Logger } from 'pino'
import { LruMap } from '../lru-map.ts'
import type { Metrics } from '../metrics.ts'
import { type Ban, loadBans, saveBan } from '../store/bans.ts'
import { isLoopback } from './address-rules.ts'
import { BAN_SCORE, Scores } from './scores.ts'

const BAN_MS = 3_600_000
const MAX_BANS = 10_000

/** Who is charged: a node key once it is proved, and the host it came from. */
export interface Culprit {
  readonly h2Hex: string | undefined
  readonly remote: Remote
}

/** Charges misbehaviour, and bans key and host when it is enough; bans outlive a restart. */
export class BanList {
  readonly #sql: Sql
  readonly #clock: Clock
  readonly #log: Logger
  readonly #metrics: Metrics
  readonly #bans = new LruMap<string, Ban>(MAX_BANS)
  readonly #scores = new Scores()

  constructor(options: { sql: Sql; clock: Clock; log: Logger; metrics: Metrics }) {
    this.#sql = options.sql
    this.#clock = options.clock
    this.#log = options.log
    this.#metrics = options.metrics
  }

  async load(): Promise<void> {
    for (const ban of await loadBans(this.#sql, this.#clock.nowMs(), MAX_BANS)) this.#bans.set(ban.subject, ban)
  }

  /** The ban that keeps somebody out, if there is one. */
  find(culprit: Culprit): Ban | undefined {
    const now = this.#clock.nowMs()
    for (const subject of subjectsOf(culprit)) {
      const ban = this.#bans.get(subject)
      if (ban !== undefined && ban.untilMs > now) return ban
    }
    return undefined
  }

  /** Score of a node key, 0 to 100. */
  scoreOf(h2Hex: string): number {
    return Math.min(BAN_SCORE, Math.round(this.#scores.of(`key:${h2Hex}`, this.#clock.nowMs())))
  }

  /** Adds to the score of key and host; gives the ban if that made one. */
  charge(culprit: Culprit, score: number, reason: string): Ban | undefined {
    if (score <= 0) return undefined
    const now = this.#clock.nowMs()
    let made: Ban | undefined
    for (const subject of subjectsOf(culprit)) {
      if (this.#scores.add(subject, score, now) < BAN_SCORE) continue
      this.#scores.clear(subject)
      made = { subject, untilMs: now + BAN_MS, reason: reason.slice(0, 500) }
      this.#bans.set(subject, made)
      this.#metrics.banned()
      this.#log.warn({ subject, reason, minutes: BAN_MS / 60_000 }, 'banned a peer')
      saveBan(this.#sql, made).catch((error: unknown) =>
        this.#log.warn({ err: error, subject }, 'a ban could not be saved; it holds until the next start'),
      )
    }
    return made
  }
}

/** Keys are cheap, so the host is charged too; but everybody on this machine shares the loopback addresses. */
function subjectsOf({ h2Hex, remote }: Culprit): string[] {
  const host = isLoopback(remote.host) ? [] : [`host:${hostGroup(remote.host)}`]
  return [...(h2Hex === undefined ? [] : [`key:${h2Hex}`]), ...host]
}
