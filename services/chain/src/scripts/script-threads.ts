import { Worker } from 'node:worker_threads'
import { ecdsaBackend } from '@camelid/crypto'
import type { Logger } from '@camelid/runtime'
import { encodeChunk } from './chunk-bytes.ts'
import type { ChunkMessage, JudgedMessage, ThreadData } from './messages.ts'
import { fromFailure } from './script-failure.ts'
import type { Chunk, ScriptWork } from './script-work.ts'

/** Chunks a thread holds at most: the next is there when it has done with one. */
const HELD = 2
/** Sets of spends that threads help with at once; callers judge the others alone. */
const MAX_WORKS = 16
/** A thread that died is replaced, but not more often than this, milliseconds. */
const REPLACE_MS = 1_000
/** Heap of a thread, MiB: it holds a few chunks, so what needs more is a fault. */
const HEAP_MB = 64

interface Thread {
  readonly worker: Worker
  readonly held: Map<number, { readonly work: ScriptWork; readonly chunk: Chunk }>
}

/** Threads that run scripts. They start with the first work there is for them. */
export class ScriptThreads implements AsyncDisposable {
  readonly #count: number
  readonly #log: Pick<Logger, 'error'>
  readonly #module: URL
  readonly #threads = new Set<Thread>()
  readonly #works = new Set<ScriptWork>()
  #lastId = 0
  #diedAt = Number.NEGATIVE_INFINITY
  #closing = false

  /** @param options.module another thread than thread.ts, for tests */
  constructor(options: { readonly count: number; readonly log: Pick<Logger, 'error'>; readonly module?: URL }) {
    this.#count = options.count
    this.#log = options.log
    this.#module = options.module ?? new URL('./thread.ts', import.meta.url)
  }

  /** How many there may be. */
  get count(): number {
    return this.#count
  }

  /** How many run now. */
  get running(): number {
    return this.#threads.size
  }

  /** Has the threads take part in a work until `leave` is called. */
  help(work: ScriptWork): { leave: () => void } {
    if (this.#closing || this.#count === 0 || this.#works.size >= MAX_WORKS) return { leave: () => undefined }
    this.#works.add(work)
    this.#startMissing()
    for (const thread of this.#threads) this.#feed(thread)
    return { leave: () => this.#works.delete(work) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()))
  }

  #startMissing(): void {
    if (performance.now() - this.#diedAt < REPLACE_MS) return
    while (this.#threads.size < this.#count) this.#start()
  }

  #start(): void {
    const workerData: ThreadData = { signatures: ecdsaBackend }
    const worker = new Worker(this.#module, { workerData, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } })
    const thread: Thread = { worker, held: new Map() }
    this.#threads.add(thread)
    // Between works it does not keep the process.
    worker.unref()
    // The only sender is thread.ts, which posts JudgedMessages.
    worker.on('message', (message: JudgedMessage) => this.#receive(thread, message))
    worker.on('error', (error: Error) => this.#log.error({ err: error }, 'a thread that checks scripts failed'))
    worker.on('exit', () => this.#bury(thread))
  }

  #feed(thread: Thread): void {
    for (const work of this.#works) {
      while (thread.held.size < HELD) {
        const chunk = work.takeAway()
        if (chunk === undefined) break
        const id = ++this.#lastId
        thread.held.set(id, { work, chunk })
        thread.worker.ref()
        const message: ChunkMessage = { id, flags: work.flags, bytes: encodeChunk(chunk) }
        thread.worker.postMessage(message, [message.bytes.buffer])
      }
    }
  }

  #receive(thread: Thread, { id, failures }: JudgedMessage): void {
    const held = thread.held.get(id)
    if (held === undefined) return
    thread.held.delete(id)
    const { work, chunk } = held
    work.settle(
      failures.flatMap((failure) => {
        const range = chunk[failure.range]
        return range === undefined ? [] : [{ position: range.position, error: fromFailure(failure) }]
      }),
    )
    this.#feed(thread)
    if (thread.held.size === 0) thread.worker.unref()
  }

  #bury(thread: Thread): void {
    this.#threads.delete(thread)
    for (const { work, chunk } of thread.held.values()) work.giveBack(chunk)
    thread.held.clear()
    if (this.#closing) return
    // The next work starts another: at once where none died lately.
    const again = performance.now() - this.#diedAt >= REPLACE_MS && this.#works.size > 0
    this.#diedAt = performance.now()
    if (!again) return
    this.#start()
    for (const other of this.#threads) this.#feed(other)
  }
}
