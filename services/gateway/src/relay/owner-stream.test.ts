import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { OwnerStream } from './owner-stream.ts'

interface Request {
  readonly id: bigint
}
interface Response {
  id: bigint
  outcome: number
  score: number
  code: string
  detail: string
}
type Open = (requests: AsyncIterable<Request>, signal: AbortSignal) => AsyncIterable<Response>

/** A stream to an owner that behaves as `open` says, up until the test ends. */
async function stream(open: Open, judgeMs = 60_000) {
  const stop = new AbortController()
  const { promise: up, resolve: onUp } = Promise.withResolvers<void>()
  const log = pino({ level: 'silent' })
  const one = new OwnerStream<Request>({ name: 'owner', open, ready: async () => undefined, onUp, judgeMs, log })
  const running = one.run(stop.signal)
  await up
  const judge = () => one.judge((id) => ({ id }), 10)
  return {
    one,
    judge,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

test('judgements come back by id, whatever their order', async () => {
  await using tested = await stream(async function* (requests) {
    const held: bigint[] = []
    for await (const { id } of requests) {
      held.push(id)
      if (held.length < 2) continue
      for (const each of held.reverse())
        yield { id: each, outcome: each === 1n ? 1 : 3, score: 7, code: '', detail: '' }
    }
  })
  const [first, second] = await Promise.all([tested.judge(), tested.judge()])
  assert.deepEqual([first.outcome, second.outcome, second.score], ['ok', 'reject', 7])
})

test('an owner that hangs holds nothing back for ever, and nobody is to blame', async () => {
  await using tested = await stream(async function* (_, signal) {
    await aborted(signal)
    yield* []
  }, 20)
  const judgements = await Promise.all([tested.judge(), tested.judge(), tested.judge()])
  assert.ok(judgements.every(({ outcome, score }) => outcome === 'unavailable' && score === 0))
  assert.equal(tested.one.waiting, 0)
})

test('more than may wait is told to come back', async () => {
  await using tested = await stream(async function* (_, signal) {
    await aborted(signal)
    yield* []
  })
  const judged = Array.from({ length: 4_096 }, () => tested.judge())
  assert.equal((await tested.judge()).code, 'OVERLOADED')
  assert.equal(tested.one.waiting, judged.length)
})

test('what was under way when the stream broke is nobody\u2019s fault, and the stream comes up again', async () => {
  let sessions = 0
  await using tested = await stream(async function* (requests) {
    sessions++
    for await (const { id } of requests) {
      if (sessions === 1) throw new Error('broken')
      yield { id, outcome: 2, score: 0, code: 'KNOWN', detail: '' }
    }
  })
  assert.equal((await tested.judge()).outcome, 'unavailable')
  while (!tested.one.connected) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.deepEqual([(await tested.judge()).code, sessions], ['KNOWN', 2])
})
