import { equalBytes } from '@camelid/crypto'
import type { BlockTemplate } from '../chain/fetch-template.ts'
import { parentOf, rolledTime } from '../work/template.ts'
import type { CheckedShare } from './check-share.ts'
import { makeJob, notifyParams, type StratumJob } from './job.ts'
import { errorLine, idOf, notificationLine, parseRequest, resultLine, shown } from './messages.ts'
import { authorize } from './methods/authorize.ts'
import { configure } from './methods/configure.ts'
import { submit } from './methods/submit.ts'
import { subscribe } from './methods/subscribe.ts'
import { suggestDifficulty } from './methods/suggest-difficulty.ts'
import { StratumError, type StratumErrorCode } from './stratum-error.ts'
import { Vardiff } from './vardiff.ts'

/** Jobs that a connection may still answer: one a refresh, and all of them go with the tip. */
const MAX_JOBS = 8
/** Shares of one tip that are remembered, the newest, so that none counts twice: hours of them at the difficulty that suits. */
const MAX_SEEN = 2_000
/** Refusals in a row after which a connection is of no use to anybody. Shares that come late do not count. */
const MAX_MISTAKES = 100

/** The template of the tip, and when it came. */
export interface CurrentWork {
  readonly template: BlockTemplate
  /** By the clock of `nowMs`. */
  readonly receivedMs: number
}

/** What a session needs of whoever holds its connection. */
export interface SessionHost {
  /** The half of the extra nonce that no other connection has. */
  readonly extraNonce1: Buffer
  readonly startDifficulty: number
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number
  readonly current: () => CurrentWork | undefined
  readonly send: (line: string) => void
  readonly close: (reason: string) => void
  /** Told of each share: `accepted`, or why not; with the job where it is known. */
  readonly onShare: (result: 'accepted' | StratumErrorCode, difficulty: number) => void
  readonly onBlock: (job: StratumJob, share: CheckedShare) => void
  /** An error that is our own. */
  readonly onFault: (error: unknown) => void
}

type Method = (session: Session, params: readonly unknown[]) => unknown

const methods = new Map<string, Method>([
  ['mining.subscribe', subscribe],
  ['mining.authorize', authorize],
  ['mining.configure', configure],
  ['mining.submit', submit],
  ['mining.suggest_difficulty', suggestDifficulty],
  // Ours never changes, so there is nothing to tell.
  ['mining.extranonce.subscribe', () => true],
])

/** One miner's side of Stratum v1: what it said of itself, and the jobs it works on. */
export class Session {
  readonly host: SessionHost
  readonly vardiff: Vardiff
  readonly workers = new Set<string>()
  subscribed = false
  /** Where its blocks pay to; set by its first worker. */
  payoutH2: Uint8Array | undefined
  /** Difficulty that suits it; a job's is lower where the network's is. */
  wanted: number
  readonly #jobs = new Map<string, StratumJob>()
  readonly #seen = new Set<string>()
  #jobCount = 0
  #sent: { readonly template: BlockTemplate; readonly wanted: number; readonly difficulty: number } | undefined
  #mistakes = 0

  constructor(host: SessionHost) {
    this.host = host
    this.wanted = host.startDifficulty
    this.vardiff = new Vardiff(host.nowMs())
  }

  get ready(): boolean {
    return this.subscribed && this.payoutH2 !== undefined
  }

  /** Answers one line, and gives new work where that follows from it. */
  handle(line: string): void {
    const { send } = this.host
    try {
      const request = parseRequest(line)
      if (request === undefined) return
      const method = methods.get(request.method)
      if (method === undefined)
        throw new StratumError('UNKNOWN_METHOD', `"${shown(request.method)}" is not offered here`)
      send(resultLine(request.id, method(this, request.params)))
      this.#mistakes = 0
    } catch (error) {
      if (!(error instanceof StratumError)) this.host.onFault(error)
      send(errorLine(idOf(line), error))
      this.#noteMistake(error)
    }
    if (this.ready && this.#sent?.wanted !== this.wanted) this.sendWork()
  }

  /** Sends the template of the tip as a new job. */
  sendWork(): void {
    const current = this.host.current()
    if (current === undefined || this.payoutH2 === undefined || !this.subscribed) return
    const { template, receivedMs } = current
    const before = this.#sent
    const id = (this.#jobCount + 1).toString(16)
    const job = makeJob({ id, template, payoutH2: this.payoutH2, wanted: this.wanted, receivedMs })
    this.#sent = { template, wanted: this.wanted, difficulty: job.difficulty }
    // Another difficulty was wanted, but the network's allows no more.
    if (before?.template === template && before.difficulty === job.difficulty) return
    this.#jobCount++
    const isNewTip = before === undefined || !equalBytes(parentOf(before.template.work), parentOf(job.work))
    if (isNewTip) this.forget()
    if (before?.difficulty !== job.difficulty)
      this.host.send(notificationLine('mining.set_difficulty', [job.difficulty]))
    this.#jobs.set(id, job)
    for (const oldest of this.#jobs.keys()) {
      if (this.#jobs.size <= MAX_JOBS) break
      this.#jobs.delete(oldest)
    }
    const time = rolledTime(job.work, this.host.nowMs() - receivedMs)
    this.host.send(notificationLine('mining.notify', notifyParams(job, time, isNewTip)))
  }

  /** No share of any job so far is of use any more. */
  forget(): void {
    this.#jobs.clear()
    this.#seen.clear()
  }

  /** To be called now and then: finds a lower difficulty for a miner that finds nothing. */
  tick(): void {
    if (!this.ready || this.#sent === undefined) return
    const { difficulty } = this.#sent
    const next = this.vardiff.onTick(difficulty, this.host.nowMs())
    if (next === difficulty) return
    this.wanted = next
    this.sendWork()
  }

  findJob(id: string): StratumJob | undefined {
    return this.#jobs.get(id)
  }

  hasSeen(key: string): boolean {
    return this.#seen.has(key)
  }

  /** Remembers an accepted share, and the difficulty that follows from its coming now. */
  noteShare(job: StratumJob, key: string): void {
    this.#seen.add(key)
    for (const oldest of this.#seen) {
      if (this.#seen.size <= MAX_SEEN) break
      this.#seen.delete(oldest)
    }
    const next = this.vardiff.onShare(job.difficulty, this.host.nowMs())
    if (next !== job.difficulty) this.wanted = next
  }

  #noteMistake(error: unknown): void {
    if (error instanceof StratumError && error.code === 'JOB_NOT_FOUND') return
    this.#mistakes++
    if (this.#mistakes >= MAX_MISTAKES)
      this.host.close(`TOO_MANY_MISTAKES: ${MAX_MISTAKES} requests in a row were refused`)
  }
}
