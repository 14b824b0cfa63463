import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Accepted, JudgedBatch, Offer, ParsedOffer } from './accept-batch.ts'
import { entry } from './testing/entries.ts'
import { TransactionBatcher } from './transaction-batcher.ts'

type Steps = ConstructorParameters<typeof TransactionBatcher>[0]

const offer = (n: number, bytes = 32): Offer => ({ raw: new Uint8Array(bytes).fill(n), peer: null })
const parse = ({ raw, peer }: Offer): ParsedOffer => ({ parsed: { ...entry(raw[0] ?? 0), raw }, peer })
const firstByte = ({ parsed: { raw } }: ParsedOffer): Accepted => ({ txid: raw, known: false })

/** Accepts everything, unless a step is given. */
function batcherWith(steps: Partial<Steps> = {}): TransactionBatcher {
  return new TransactionBatcher({
    inWriter: (task) => task(),
    isAwaited: () => false,
    parse,
    judge: async (offers): Promise<JudgedBatch> => ({
      answers: offers.map(firstByte),
      change: { accepted: [], dropped: [] },
    }),
    store: () => setImmediate(),
    explain: (error) => error,
    ...steps,
  })
}

test('what comes while one batch is judged is the next, and everybody has an answer of his own', async () => {
  const sizes: number[] = []
  const batcher = batcherWith({
    judge: async (offers) => {
      sizes.push(offers.length)
      await setImmediate()
      return { answers: offers.map(firstByte), change: { accepted: [], dropped: [] } }
    },
  })
  const first = Array.from({ length: 3 }, (_, n) => batcher.submit(offer(n)))
  await setImmediate()
  await setImmediate()
  const rest = Array.from({ length: 1_100 }, (_, n) => batcher.submit(offer(n % 256)))
  const answers = await Promise.all([...first, ...rest])
  assert.equal(answers.length, 1_103)
  assert.ok(answers.every((answer, n) => 'txid' in answer && answer.txid[0] === (n < 3 ? n : (n - 3) % 256)))
  assert.deepEqual(sizes, [3, 500, 500, 100])
  assert.equal(batcher.waiting, 0)
})

test('a batch is judged while the one before is stored, but answered in its turn; few wait for company', async () => {
  const events: string[] = []
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let stores = 0
  const batcher = batcherWith({
    judge: async (offers) => {
      events.push(`judge ${offers.length}`)
      return { answers: offers.map(firstByte), change: { accepted: [], dropped: [] } }
    },
    store: async () => {
      const gate = gates[stores++]
      events.push(`store ${stores}`)
      await gate?.promise
    },
  })
  const turns = async () => {
    for (let i = 0; i < 5; i++) await setImmediate()
  }
  const submit = (count: number, name: string) =>
    Promise.all(Array.from({ length: count }, () => batcher.submit(offer(1)))).then(() => events.push(name))
  const all = [submit(1, 'first')]
  await turns()
  all.push(submit(99, 'second'))
  await turns()
  assert.deepEqual(events, ['judge 1', 'store 1'])
  all.push(submit(1, 'third'))
  await turns()
  assert.deepEqual(events, ['judge 1', 'store 1', 'judge 100'])
  gates[0]?.resolve()
  await turns()
  assert.deepEqual(events.slice(3).sort(), ['first', 'store 2'])
  gates[1]?.resolve()
  await Promise.all(all)
  assert.deepEqual(events.slice(5).sort(), ['second', 'third'])
})

test('who waits for the writer has it between two batches', async () => {
  const events: string[] = []
  const batcher = batcherWith({
    inWriter: async (task) => {
      events.push('in')
      await task()
      events.push('out')
    },
    isAwaited: () => true,
    store: async () => void events.push('stored'),
  })
  await Promise.all(Array.from({ length: 600 }, () => batcher.submit(offer(1))))
  await setImmediate()
  assert.deepEqual(events, ['in', 'stored', 'out', 'in', 'stored', 'out'])
})

test('a failure is the answer of its batch, as it is explained, and the next are judged all the same', async () => {
  for (const step of ['judge', 'store', 'inWriter'] as const) {
    let fails = true
    const batcher: TransactionBatcher = batcherWith({
      explain: () => new Error('no database'),
      [step]: async (argument: never) => {
        if (fails) throw new Error('of the library')
        const steps = { judge: async () => ({ answers: [firstByte(parse(offer(3)))], change: NOTHING }), store: ok }
        return step === 'inWriter' ? await run(argument) : await steps[step]()
      },
    })
    const both = await Promise.allSettled([batcher.submit(offer(1)), batcher.submit(offer(2))])
    for (const result of both) assert.match(String(result.status === 'rejected' && result.reason), /no database/)
    fails = false
    assert.ok('txid' in (await batcher.submit(offer(3))))
  }
})

const NOTHING: JudgedBatch['change'] = { accepted: [], dropped: [] }
const ok = async () => undefined
const run = (task: () => Promise<void>) => task()

test('what cannot be read is refused at once, and more than may wait as busy, by number and by bytes', async () => {
  const gate = Promise.withResolvers<void>()
  const batcher = batcherWith({ store: () => gate.promise })
  const large = Array.from({ length: 335 }, () => batcher.submit(offer(1, 100_000)))
  await assert.rejects(batcher.submit(offer(1, 100_000)), { code: 'BUSY' })
  gate.resolve()
  await Promise.all(large)
  const small = Array.from({ length: 5_000 }, () => batcher.submit(offer(1)))
  await assert.rejects(batcher.submit(offer(1)), { code: 'BUSY' })
  await Promise.all(small)
})
