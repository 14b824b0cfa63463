import { sleep } from '@camelid/runtime'
import type { BlockTemplate } from './chain/fetch-template.ts'
import type { MinerLog, MinerMetrics } from './metrics.ts'
import { type SubmitOptions, submitBlock } from './submit-block.ts'
import { type Found, ThreadPool } from './threads/thread-pool.ts'
import { assembleBlock } from './work/assemble-block.ts'
import type { WorkFollower } from './work/follow-work.ts'
import { sameWork } from './work/template.ts'

/** Whatever is wrong with a template, blocks on it are not found as fast as they are refused. */
const PAUSE_AFTER_REFUSAL_MS = 1_000

export interface ThreadMinerOptions extends SubmitOptions {
  readonly threads: number
  readonly duty: number
  /** Rest after a tip that replaced another, milliseconds. */
  readonly minIntervalMs: number
  readonly log: Pick<MinerLog, 'info' | 'warn'>
  readonly metrics: MinerMetrics
  /** Called when a block was offered: a new template is wanted. */
  readonly onSubmitted: () => void
  /** A thread died: then the process is of no more use. */
  readonly onFailure: (error: Error) => void
}

/** Mines on threads of this process what it is told to. */
export class ThreadMiner implements WorkFollower, AsyncDisposable {
  readonly #options: ThreadMinerOptions
  readonly #pool: ThreadPool
  #template: BlockTemplate | undefined
  #restUntil = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: ThreadMinerOptions) {
    const { log, metrics } = options
    this.#options = options
    this.#pool = new ThreadPool({
      threads: options.threads,
      duty: options.duty,
      onHashed: metrics.hashed,
      onLoop: (thread, { name, reason }) => {
        metrics.loop(thread, name)
        if (reason === undefined) log.info({ thread, loop: name }, 'a thread is ready to mine')
        else log.warn({ thread, loop: name, reason }, 'a thread mines several times slower than it could')
      },
      onFailure: options.onFailure,
      onFound: (found) => void this.#submit(found),
    })
  }

  onTemplate(template: BlockTemplate): void {
    clearTimeout(this.#timer)
    const left = this.#restUntil - performance.now()
    if (left <= 0) this.#workOn(template)
    else this.#timer = setTimeout(() => this.#workOn(template), left)
  }

  onStale(): void {
    this.#restUntil = performance.now() + this.#options.minIntervalMs
    this.#rest()
  }

  onLost(): void {
    this.#rest()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#rest()
    await this.#pool[Symbol.asyncDispose]()
  }

  #workOn(template: BlockTemplate): void {
    if (this.#template !== undefined && this.#pool.busy && sameWork(this.#template.work, template.work)) return
    this.#template = template
    this.#pool.workOn(template.work)
    this.#options.metrics.height.set(template.work.height)
  }

  #rest(): void {
    clearTimeout(this.#timer)
    this.#template = undefined
    this.#pool.workOn(undefined)
  }

  async #submit(found: Found): Promise<void> {
    const template = this.#template
    if (template === undefined || found.template !== template.work) return
    const block = assembleBlock({ ...found, work: template.work, transactions: template.transactions })
    const result = await submitBlock(this.#options, { block, height: template.work.height })
    if (result === 'refused') await sleep(PAUSE_AFTER_REFUSAL_MS, this.#options.signal).catch(() => undefined)
    this.#options.onSubmitted()
  }
}
