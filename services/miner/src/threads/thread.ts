import { parentPort, workerData } from 'node:worker_threads'
import { type HeaderWork, headerWork } from '../hash/header-work.ts'
import { scanNonces } from '../hash/scan-nonces.ts'
import { headerFor, rolledTime, type Template } from '../work/template.ts'
import { runDutyCycle } from './duty-cycle.ts'
import type { ThreadData, ThreadMessage, WorkMessage } from './messages.ts'

/** Hashes between two looks at the clock and at whether the work is stale: about a millisecond. */
const BATCH = 2048
const NONCES = 2 ** 32

interface Position {
  readonly id: number
  readonly template: Template
  readonly receivedAt: number
  extraNonce: bigint
  time: number
  header: Uint8Array
  work: HeaderWork
  nonce: number
}

const port = parentPort
if (port === null) throw new Error('thread.ts runs as a worker thread of the miner')
// The only maker of this worker is ThreadPool, which passes a ThreadData.
const data = workerData as ThreadData
const current = new Int32Array(data.current)
let extraNonce = data.extraNonce
let position: Position | undefined

// The only sender is ThreadPool, which posts WorkMessages.
port.on('message', ({ id, template }: WorkMessage) => {
  position = startAt(id, template, performance.now())
})

await runDutyCycle(data.duty, (sliceOver) => {
  let count = 0
  while (position !== undefined && Atomics.load(current, 0) === position.id && !sliceOver()) {
    const at = roll(position)
    const batch = Math.min(BATCH, NONCES - at.nonce)
    const nonce = scanNonces(at.work, at.nonce, batch)
    at.nonce += batch
    count += batch
    if (nonce < 0) continue
    new DataView(at.header.buffer).setUint32(76, nonce, true)
    post({ kind: 'found', id: at.id, header: at.header, extraNonce: at.extraNonce })
    // The block makes this template stale; if it is refused, the pool sends a new one.
    position = undefined
  }
  if (count > 0) post({ kind: 'hashed', count })
})

function post(message: ThreadMessage): void {
  port?.postMessage(message)
}

function startAt(id: number, template: Template, receivedAt: number): Position {
  extraNonce = BigInt.asUintN(64, extraNonce + 1n)
  const time = rolledTime(template, 0)
  const header = headerFor(template, extraNonce, time)
  return { id, template, receivedAt, extraNonce, time, header, work: headerWork(header, template.target), nonce: 0 }
}

/** Moves on to a new extra nonce when the nonces are used up, and to the current second. */
function roll(at: Position): Position {
  const time = rolledTime(at.template, performance.now() - at.receivedAt)
  if (at.nonce < NONCES && time === at.time) return at
  if (at.nonce >= NONCES) {
    extraNonce = BigInt.asUintN(64, extraNonce + 1n)
    at.extraNonce = extraNonce
    at.nonce = 0
  }
  at.time = time
  at.header = headerFor(at.template, at.extraNonce, time)
  at.work = headerWork(at.header, at.template.target)
  return at
}
