import { parentPort, workerData } from 'node:worker_threads'
import { checkLoop, chooseLoop, type Loop } from '../hash/choose-loop.ts'
import { WorkPosition } from '../work/work-position.ts'
import { runDutyCycle } from './duty-cycle.ts'
import type { ThreadData, ThreadMessage, WorkMessage } from './messages.ts'

/** Hashes between two looks at the clock and at whether the work is stale: 0.3 ms with SIMD, 1.5 ms without. */
const BATCH = 2048

interface Current {
  readonly id: number
  readonly receivedAt: number
  readonly position: WorkPosition
}

const port = parentPort
if (port === null) throw new Error('thread.ts runs as a worker thread of the miner')
// The only maker of this worker is ThreadPool, which passes a ThreadData.
const data = workerData as ThreadData
const wanted = new Int32Array(data.current)
let extraNonce = data.extraNonce
let current: Current | undefined
let loop = use(chooseLoop())

// The only sender is ThreadPool, which posts WorkMessages.
port.on('message', ({ id, template }: WorkMessage) => {
  const receivedAt = performance.now()
  const checked = checkLoop(loop)
  if (checked !== loop) loop = use(checked)
  current = { id, receivedAt, position: new WorkPosition(template, nextExtraNonce) }
})

await runDutyCycle(data.duty, (sliceOver) => {
  let tried = 0
  while (current !== undefined && Atomics.load(wanted, 0) === current.id && !sliceOver()) {
    const { work, first, count } = current.position.next(performance.now() - current.receivedAt, BATCH)
    const nonce = loop.scan(work, first, count)
    tried += count
    if (nonce < 0) continue
    post({ kind: 'found', id: current.id, ...current.position.won(nonce) })
    // The block makes this template stale; if it is refused, the pool sends a new one.
    current = undefined
  }
  if (tried > 0) post({ kind: 'hashed', count: tried })
})

function post(message: ThreadMessage): void {
  port?.postMessage(message)
}

function use(loop: Loop): Loop {
  const { name, reason } = loop
  post({ kind: 'loop', name, ...(reason === undefined ? {} : { reason }) })
  return loop
}

/** Never one that this thread had before, whatever the template: a template may come twice. */
function nextExtraNonce(): bigint {
  extraNonce = BigInt.asUintN(64, extraNonce + 1n)
  return extraNonce
}
