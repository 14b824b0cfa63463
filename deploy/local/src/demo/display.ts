import type { Writable } from 'node:stream'
import type { JobEvent } from './client-api.ts'
import type { ClientReceipt } from './job-detail.ts'
import { printable } from './printable.ts'

const STAGES: Readonly<Record<string, string>> = {
  funded: 'job posted, reward reserved on the chain',
  accepted: 'accepted by a node',
  generating: 'generating',
  committed: 'output committed, stake testament checked',
  paid: 'paid',
  delivered: 'output delivered and decrypted',
  checked: 'output checked',
  settled: 'payment mined',
  expired: 'expired, coins free again',
  failed: 'failed',
}

/**
 * One line a stage, with seconds since the job was posted; the count of tokens moves in place on a terminal.
 * Shows counts only: the text is not ours before it is paid.
 */
export class JobDisplay {
  readonly #out: Writable & { isTTY?: boolean }
  readonly #started: number
  #live = false
  #tokens = 0

  constructor(out: Writable & { isTTY?: boolean }, startedMs: number) {
    this.#out = out
    this.#started = startedMs
  }

  show(event: JobEvent, nowMs: number): void {
    const label = STAGES[event.stage] ?? printable(event.stage)
    if (event.stage === 'generating') {
      this.#progress(label, event.tokens ?? 0, nowMs)
      return
    }
    if (event.stage === 'committed') this.#progress('generating', event.tokens ?? this.#tokens, nowMs)
    this.#endProgress(nowMs)
    this.#out.write(`${this.#clock(nowMs)}  ${label}${detailOf(event)}\n`)
  }

  /** What was bought, as soon as it is known; the payment is still on its way then. */
  showOutput({ input, output, verdict, reason }: ClientReceipt): void {
    const text = printable(input + output).trim()
    this.#out.write(`\n${text.replace(/^/gm, '  | ')}\n\n`)
    this.#out.write(`  ${verdict === 'VALID' ? verdict : `${verdict}: ${printable(reason)}`}; `)
    this.#out.write("waiting for the payment's lock time to pass and for a block\n")
  }

  #progress(label: string, tokens: number, nowMs: number): void {
    this.#tokens = tokens
    this.#live = true
    if (this.#out.isTTY) this.#out.write(`\r${this.#clock(nowMs)}  ${label}: ${tokens} tokens`)
  }

  #endProgress(nowMs: number): void {
    if (!this.#live) return
    this.#live = false
    this.#out.write(this.#out.isTTY ? '\n' : `${this.#clock(nowMs)}  generated: ${this.#tokens} tokens\n`)
  }

  #clock(nowMs: number): string {
    return `${((nowMs - this.#started) / 1000).toFixed(2).padStart(7)} s`
  }
}

/** Where none of the client's own peers serves a job, it says why; others in the network may. */
function detailOf({ stage, detail }: JobEvent): string {
  if (!detail) return ''
  return stage === 'funded' ? `; our own peers pass it on: ${printable(detail)}` : `: ${printable(detail)}`
}
