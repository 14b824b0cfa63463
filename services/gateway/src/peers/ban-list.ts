import type { Remote } from '@camelid/p2p'
import type { Clock } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import type { Logger } from 'pino'
import { LruMap } from '../lru-map.ts'
import type { Metrics } from '../metrics.ts'
import { type Ban, deleteBan, loadBans, pruneBans, saveBan } from '../store/bans.ts'
import { hostSubject, isLoopback, keySubject } from './address-rules.ts'
import { BAN_SCORE, Scores } from './scores.ts'

const BAN_MS = 3_600_000
const MAX_BANS = 10_000
const MAX_REASON = 500
const SAVES_A_PRUNE = 500

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
  #saved = 0

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

  /** Bans that hold now, the longest first. */
  list(): Ban[] {
    const now = this.#clock.nowMs()
    const holding = [...this.#bans.values()].filter(({ untilMs }) => untilMs > now)
    return holding.sort((a, b) => b.untilMs - a.untilMs)
  }

  /** The operator keeps somebody out, for `ms` milliseconds from now, in place of any ban there was. */
  async ban(subject: string, ms: number, reason: string): Promise<Ban> {
    const made = { subject, untilMs: this.#clock.nowMs() + ms, reason: reason.slice(0, MAX_REASON) }
    await this.#save(made)
    this.#bans.set(subject, made)
    this.#metrics.banned()
    this.#log.warn({ ...made }, 'the operator banned a peer')
    return made
  }

  /** The operator lets somebody in again; false where there was no ban. */
  async unban(subject: string): Promise<boolean> {
    const saved = await deleteBan(this.#sql, subject)
    const held = this.list().some((ban) => ban.subject === subject)
    this.#bans.delete(subject)
    this.#scores.clear(subject)
    this.#log.warn({ subject }, 'the operator lifted a ban')
    return saved || held
  }

  /** Score of a node key, 0 to 100. */
  scoreOf(h2Hex: string): number {
    return Math.min(BAN_SCORE, Math.round(this.#scores.of(keySubject(h2Hex), this.#clock.nowMs())))
  }

  /** Adds to the score of key and host; gives the ban if that made one. */
  charge(culprit: Culprit, score: number, reason: string): Ban | undefined {
    if (score <= 0) return undefined
    const now = this.#clock.nowMs()
    let made: Ban | undefined
    for (const subject of subjectsOf(culprit)) {
      if (this.#scores.add(subject, score, now) < BAN_SCORE) continue
      this.#scores.clear(subject)
      // One that the operator made longer stays as long.
      const untilMs = Math.max(now + BAN_MS, this.#bans.get(subject)?.untilMs ?? 0)
      made = { subject, untilMs, reason: reason.slice(0, MAX_REASON) }
      this.#bans.set(subject, made)
      this.#metrics.banned()
      this.#log.warn({ subject, reason, minutes: BAN_MS / 60_000 }, 'banned a peer')
      this.#save(made).catch((error: unknown) =>
        this.#log.warn({ err: error, subject }, 'a ban could not be saved; it holds until the next start'),
      )
    }
    return made
  }

  /** Keys are cheap, so bans may come by the thousand: the table is kept as short as the list. */
  async #save(ban: Ban): Promise<void> {
    await saveBan(this.#sql, ban)
    this.#saved += 1
    if (this.#saved % SAVES_A_PRUNE === 0) await pruneBans(this.#sql, this.#clock.nowMs(), MAX_BANS)
  }
}

/** What somebody who is kept out is told. */
export function banText(ban: { untilMs: number; reason: string }): string {
  return `banned until ${new Date(ban.untilMs).toISOString()}: ${ban.reason}`
}

/** Keys are cheap, so the host is charged too; but everybody on this machine shares the loopback addresses. */
function subjectsOf({ h2Hex, remote }: Culprit): string[] {
  const host = isLoopback(remote.host) ? [] : [hostSubject(remote.host)]
  return [...(h2Hex === undefined ? [] : [keySubject(h2Hex)]), ...host]
}
