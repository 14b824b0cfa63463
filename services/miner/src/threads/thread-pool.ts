import { randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { Template } from '../work/template.ts'
import type { LoopMessage, ThreadData, ThreadMessage, WorkMessage } from './messages.ts'

export interface Found {
  readonly template: Template
  /** 80 bytes with a winning nonce. */
  readonly header: Uint8Array
  readonly extraNonce: bigint
}

export interface ThreadPoolOptions {
  readonly threads: number
  readonly duty: number
  readonly onFound: (found: Found) => void
  readonly onHashed: (count: number) => void
  /** What this thread hashes with from now on. */
  readonly onLoop: (thread: number, loop: LoopMessage) => void
  /** A thread died; the pool no longer mines with all its threads. */
  readonly onFailure: (error: Error) => void
}

/** Threads that all work on one template at a time. */
export class ThreadPool implements AsyncDisposable {
  readonly #current = new Int32Array(new SharedArrayBuffer(4))
  readonly #workers: Worker[]
  readonly #options: ThreadPoolOptions
  #template: Template | undefined
  #closing = false

  constructor(options: ThreadPoolOptions) {
    this.#options = options
    const start = randomBytes(8).readBigUInt64LE()
    this.#workers = Array.from({ length: options.threads }, (_, i) => {
      // A thread would need 2^48 extra nonces to reach its neighbour's.
      const extraNonce = BigInt.asUintN(64, start + (BigInt(i) << 48n))
      // Worker memory is shared; its buffer is the pool's own.
      const data: ThreadData = {
        current: this.#current.buffer as SharedArrayBuffer,
        duty: options.duty,
        extraNonce,
      }
      return this.#start(i, data)
    })
  }

  /** Drops the work in progress at once and starts on `template`, or rests when there is none. */
  workOn(template: Template | undefined): void {
    this.#template = template
    const id = Atomics.add(this.#current, 0, 1) + 1
    if (template === undefined) return
    const message: WorkMessage = { id: id | 0, template }
    for (const worker of this.#workers) worker.postMessage(message)
  }

  /** False while there is no template, or a block of it was found. */
  get busy(): boolean {
    return this.#template !== undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  #start(thread: number, data: ThreadData): Worker {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: data })
    // The only sender is thread.ts, which posts ThreadMessages.
    worker.on('message', (message: ThreadMessage) => this.#receive(thread, message))
    worker.on('error', (error: Error) => this.#options.onFailure(error))
    worker.on('exit', (code) => {
      if (!this.#closing) this.#options.onFailure(new Error(`a mining thread stopped with code ${code}`))
    })
    return worker
  }

  #receive(thread: number, message: ThreadMessage): void {
    if (message.kind === 'loop') {
      this.#options.onLoop(thread, message)
      return
    }
    if (message.kind === 'hashed') {
      this.#options.onHashed(message.count)
      return
    }
    // Two threads may find a block of one template; only the first is of use.
    if (message.id !== Atomics.load(this.#current, 0) || this.#template === undefined) return
    const template = this.#template
    this.workOn(undefined)
    this.#options.onFound({ template, header: message.header, extraNonce: message.extraNonce })
  }
}
