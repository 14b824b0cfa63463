import { ScriptError, verifyInput } from '@camelid/consensus'
import { ChainError } from '../chain-error.ts'
import type { ScriptCache } from './script-cache.ts'
import { chunksOf, type ScriptSpend } from './script-spend.ts'
import type { ScriptThreads } from './script-threads.ts'
import { type Chunk, ScriptWork } from './script-work.ts'
import { Turns } from './turns.ts'

/** Inputs up to which threads are not worth the way there and back: less than a millisecond's work. */
const MAX_ALONE = 8
/** Inputs in a chunk: some milliseconds of work, and a small part of what handing it over costs. */
const CHUNK_INPUTS = 32

interface CheckOptions {
  /** CONSENSUS_FLAGS for a block, STANDARD_FLAGS for the mempool. */
  readonly flags: number
  /** Set where one failure decides over all, as in a block: the others may then stay null without having been run. */
  readonly stopAtFirst?: boolean
  /** Set to run those too that held before. */
  readonly anew?: boolean
}

/** Runs scripts, the costly part of judging transactions: in this thread and in others at once, and none that held before. */
export class ScriptChecker {
  readonly cache: ScriptCache
  readonly threads: ScriptThreads
  readonly #stopping: AbortSignal
  readonly #newTurns: () => Turns

  /** @param options.stopping aborts when the service stops: nobody waits for a block's scripts then */
  constructor(options: {
    readonly cache: ScriptCache
    readonly threads: ScriptThreads
    readonly stopping: AbortSignal
    readonly newTurns?: () => Turns
  }) {
    this.cache = options.cache
    this.threads = options.threads
    this.#stopping = options.stopping
    this.#newTurns = options.newTurns ?? (() => new Turns())
  }

  /**
   * By position of the spend what is wrong with it, or null.
   * @throws ChainError UNAVAILABLE when the service stops
   */
  async check(spends: readonly ScriptSpend[], options: CheckOptions): Promise<(ScriptError | null)[]> {
    const { flags, stopAtFirst = false, anew = false } = options
    const positions: number[] = []
    const wanted: ScriptSpend[] = []
    for (const [position, spend] of spends.entries()) {
      if (!anew && spend.context === undefined && this.cache.has(spend.txid, flags)) continue
      positions.push(position)
      wanted.push(spend)
    }
    const found = await this.#run(wanted, flags, stopAtFirst)
    const results = new Array<ScriptError | null>(spends.length).fill(null)
    const failed = found.some((error) => error !== null)
    for (const [i, spend] of wanted.entries()) {
      const error = found[i] ?? null
      results[positions[i] ?? 0] = error
      // Where one failure ended it all, the others were perhaps never run.
      if (error === null && spend.context === undefined && !(failed && stopAtFirst)) this.cache.add(spend.txid, flags)
    }
    return results
  }

  /** @throws ScriptError the first failure by position; ChainError UNAVAILABLE */
  async checkAll(spends: readonly ScriptSpend[], flags: number): Promise<void> {
    const results = await this.check(spends, { flags, stopAtFirst: true })
    const failure = results.find((error) => error !== null)
    if (failure) throw failure
  }

  async #run(spends: readonly ScriptSpend[], flags: number, stopAtFirst: boolean): Promise<(ScriptError | null)[]> {
    const chunks = chunksOf(spends, CHUNK_INPUTS)
    // A verdict's context does not pass to a thread.
    const ours = chunks.filter(hasVerdict)
    const shared = chunks.filter((chunk) => !hasVerdict(chunk))
    const work = new ScriptWork(shared, { spends: spends.length, flags, stopAtFirst })
    const inputs = shared.flat().reduce((sum, { from, to }) => sum + to - from, 0)
    const alone = inputs <= MAX_ALONE || this.threads.count === 0
    const helpers = alone ? undefined : this.threads.help(work)
    const turns = this.#newTurns()
    try {
      for (const chunk of ours) await this.#judge(chunk, work, turns)
      for (;;) {
        const chunk = work.take()
        if (chunk !== undefined) await this.#judge(chunk, work, turns)
        else if (work.isAway) await work.changed()
        else return work.results
      }
    } finally {
      helpers?.leave()
    }
  }

  async #judge(chunk: Chunk, work: ScriptWork, turns: Turns): Promise<void> {
    for (const { spend, position, from, to } of chunk) {
      for (let index = from; index < to && work.results[position] === null; index++) {
        await turns.giveWay()
        if (this.#stopping.aborted) throw new ChainError('UNAVAILABLE', 'the service stops: try again shortly')
        try {
          this.#verify(spend, index, work.flags)
        } catch (error) {
          if (!(error instanceof ScriptError)) throw error
          work.fail(position, error)
        }
      }
    }
  }

  #verify({ tx, spent, context }: ScriptSpend, index: number, flags: number): void {
    const output = spent[index]
    if (output === undefined) throw new RangeError(`input ${index} is judged without the output it spends`)
    verifyInput({ tx, index, spent: output, flags, ...(context === undefined ? {} : { context }) })
  }
}

function hasVerdict(chunk: Chunk): boolean {
  return chunk.some(({ spend }) => spend.context !== undefined)
}
