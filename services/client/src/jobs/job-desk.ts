import { isCoded } from '@camelid/errors'
import type { Peer } from '../peers/peer-set.ts'
import type { JobRow } from '../store/jobs.ts'
import { askStatements } from './ask-statements.ts'
import { checkDelivered } from './check-delivered.ts'
import type { JobContext } from './job-context.ts'
import { type LiveJob, liveJob } from './live-job.ts'
import { onAcceptance } from './on-acceptance.ts'
import { onCommitment } from './on-commitment.ts'
import { onDeadline } from './on-deadline.ts'
import { onDelivery } from './on-delivery.ts'
import { onProgress } from './on-progress.ts'
import { type ReadStatement, readStatement } from './read-statement.ts'
import { sendJob } from './send-job.ts'
import { sendPayment } from './send-payment.ts'
import { trackPayment } from './track-payment.ts'

/** A step that nobody answered is sent again after so long, and statements are asked for. Milliseconds. */
const RESEND_MS = 2_000
const ASK_MS = 3_000
const TRACK_MS = 3_000

/** All jobs under way: takes what peers say, what the chain does and what the clock shows to the right job, in order. */
export class JobDesk {
  readonly #context: JobContext
  readonly #live = new Map<string, LiveJob>()

  constructor(context: JobContext) {
    this.#context = context
  }

  get size(): number {
    return this.#live.size
  }

  /** Takes up every job on disk that is not over: after a restart, or a kill at whatever point. */
  resume(): void {
    for (const row of this.#context.jobs.tracked()) {
      const live = this.add(row)
      if (row.output !== null && row.report === null) this.#run(live, () => this.#check(live))
    }
  }

  add(row: JobRow): LiveJob {
    const live = liveJob(row, this.#context.params)
    this.#live.set(live.id, live)
    return live
  }

  get(id: string): LiveJob | undefined {
    return this.#live.get(id)
  }

  /** A message of a peer; whoever passes on what breaks the rules is dropped. */
  onFrame(type: number, payload: Uint8Array, peer: Peer): void {
    let statement: ReadStatement | undefined
    try {
      statement = readStatement(type, payload)
    } catch (error) {
      this.#context.peers.drop(peer, `a statement that does not parse: ${String(error)}`)
      return
    }
    if (statement !== undefined) this.#take(statement, peer)
  }

  /** The best chain changed, or somebody came who can say what is in it. */
  onHeader(): void {
    for (const live of this.#live.values()) {
      this.#run(live, async () => {
        const early = live.early.splice(0)
        for (const bytes of early) await onCommitment(this.#context, live, bytes)
        await this.#track(live)
      })
    }
  }

  /** A peer came: it may hold what we missed, and must hear what we have to say. */
  onPeer(): void {
    for (const live of this.#live.values()) {
      live.sentMs = 0
      live.askedMs = 0
    }
    this.onHeader()
    this.tick()
  }

  /** Deadlines, and everything that nobody answered yet. Called a few times a second. */
  tick(): void {
    const now = this.#context.nowMs()
    for (const live of [...this.#live.values()]) {
      if (!live.row.tracked) {
        this.#live.delete(live.id)
        continue
      }
      if (this.#isQuiet(live, now)) continue
      this.#run(live, async () => {
        onDeadline(this.#context, live)
        if (live.row.tracked) await this.#remind(live)
        if (this.#isOverdue(live, now)) await this.#track(live)
      })
    }
  }

  /** Resolves when everything under way has reached the disk. */
  async idle(): Promise<void> {
    await Promise.all([...this.#live.values()].map((live) => live.serial.idle()))
  }

  /** Nothing is due: neither a deadline nor a reminder. */
  #isQuiet(live: LiveJob, now: number): boolean {
    const { row, deadlines } = live
    if (this.#isOverdue(live, now)) return false
    if (row.output !== null) return true
    const deadline = row.payment === null ? deadlines.commit : deadlines.delivery
    return now - live.sentMs < RESEND_MS && now - live.askedMs < ASK_MS && now / 1000 < deadline
  }

  /** P should be in a block and no peer has said so for a while: the question may have been lost. */
  #isOverdue({ row, job, trackedMs }: LiveJob, now: number): boolean {
    if (row.payment === null || row.blockHash !== null || now - trackedMs < TRACK_MS) return false
    return this.#context.chain.medianTime > job.timelock
  }

  async #track(live: LiveJob): Promise<void> {
    live.trackedMs = this.#context.nowMs()
    await trackPayment(this.#context, live)
  }

  async #check(live: LiveJob): Promise<void> {
    await checkDelivered(this.#context, live)
    await this.#track(live)
  }

  async #remind(live: LiveJob): Promise<void> {
    const context = this.#context
    const now = context.nowMs()
    const { row, deadlines } = live
    if (now - live.sentMs >= RESEND_MS) {
      // After its deadline P is not sent again: the node may have let the job go, and P may have come in time before.
      if (row.payment !== null && row.delivery === null && now / 1000 <= deadlines.payment)
        await sendPayment(context, live)
      if (row.stage === 'funded' && now / 1000 <= deadlines.commit) void sendJob(context, live)
    }
    if (now - live.askedMs >= ASK_MS && row.delivery === null) {
      void askStatements(context, live, (type, payload) => {
        try {
          const statement = readStatement(type, payload)
          if (statement?.jobId === live.id) this.#take(statement, undefined)
        } catch (error) {
          context.log.debug({ jobId: live.id, reason: String(error) }, 'a statement that does not parse')
        }
      })
    }
  }

  #take({ kind, jobId, bytes }: ReadStatement, peer: Peer | undefined): void {
    const live = this.#live.get(jobId)
    if (live === undefined) return
    this.#run(
      live,
      async () => {
        const context = this.#context
        if (kind === 'acceptance') onAcceptance(context, live, bytes)
        else if (kind === 'progress') onProgress(context, live, bytes)
        else if (kind === 'commitment') await onCommitment(context, live, bytes)
        else if (onDelivery(context, live, bytes)) await this.#check(live)
      },
      peer,
    )
  }

  #run(live: LiveJob, work: () => Promise<void>, peer?: Peer): void {
    live.serial.add(work, (error) => {
      const { signal, log, peers } = this.#context
      if (signal.aborted) return
      log.warn({ jobId: live.id, err: error }, 'a step of the job failed')
      if (peer !== undefined && isCoded(error) && error.score > 0) peers.drop(peer, error.message)
    })
  }
}
