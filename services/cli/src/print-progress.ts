import type { TaskProgress } from '@camelid/proto/chain/v1/chain_pb'
import { clean } from './print.ts'

/** How often a line is written: where a person looks on, and into a file. */
const TERMINAL_MS = 200
const FILE_MS = 10_000

/** Tells on stderr how far a long task is: on a terminal in one line that is written over, else a line now and then. */
export class ProgressLine implements Disposable {
  readonly #isTerminal = process.stderr.isTTY === true
  #shownAt = performance.now()
  #isOpen = false

  show({ stage, done, total }: Pick<TaskProgress, 'stage' | 'done' | 'total'>): void {
    if (performance.now() - this.#shownAt < (this.#isTerminal ? TERMINAL_MS : FILE_MS)) return
    this.#shownAt = performance.now()
    const line = `${clean(stage)}: ${done}${total > 0n ? ` of ${total}` : ''}`
    process.stderr.write(this.#isTerminal ? `\r\x1b[K${line}` : `${line}\n`)
    this.#isOpen = this.#isTerminal
  }

  /** Makes room for other lines. */
  clear(): void {
    if (this.#isOpen) process.stderr.write('\r\x1b[K')
    this.#isOpen = false
  }

  [Symbol.dispose](): void {
    this.clear()
  }
}
