import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Candidates, Wanted } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import { loadLlama } from '../llama/load-llama.ts'
import { NativeContext } from '../llama/native-context.ts'
import { NativeModel } from '../llama/native-model.ts'
import { never, TINY } from '../testing.ts'
import { Sequence } from './sequence.ts'
import { TokenReader } from './token-reader.ts'

const SEQUENCES = 3
const stack = new AsyncDisposableStack()
let context: NativeContext
let reader: TokenReader
const sequences = Array.from({ length: SEQUENCES }, (_, id) => new Sequence(id, true))

before(async () => {
  const model = stack.use(await NativeModel.load(await loadLlama(false), TINY.file))
  const shape = { contextSize: 512, sequences: SEQUENCES, batchTokens: 64, threads: 1 }
  context = stack.use(await NativeContext.create(model, { ...shape, flashAttention: false, cacheType: 'F16' }))
  reader = new TokenReader(context, sequences, { kind: 'together', least: 1 })
})
after(() => stack.disposeAsync())

/** More than one batch of 64. */
const tokens = Array.from({ length: 90 }, (_, i) => 10 + ((i * 37) % 1000))
const everywhere = (one: Omit<Wanted, 'after'>): Wanted[] => tokens.map((_, index) => ({ ...one, after: index }))
const request = { top: 8, tokens: [] }

async function read(wanted: readonly Wanted[], { which = 0, signal = never() } = {}): Promise<Candidates[]> {
  const sequence = sequences[which]
  if (sequence === undefined) throw new Error('no such sequence')
  sequence.keep(0)
  return await reader.read(sequence, { tokens, wanted, signal })
}

test('sequences that are read by turns get what each does alone', async () => {
  const alone = await read(everywhere({ request }))
  const together = await Promise.all([
    read(everywhere({ request })),
    read(everywhere({ request }).slice(40), { which: 1 }),
    read([], { which: 2 }),
  ])
  assert.deepEqual(together, [alone, alone.slice(40), []])
})

test('what is asked then is answered besides what was listed before', async () => {
  const seen: Candidates[] = []
  const judge = (answer: Candidates) => {
    seen.push(answer)
    if (answer.ids.includes(1000)) return answer.ids.length < 1024 ? { top: 1024, tokens: [] } : undefined
    return { top: 8, tokens: [1000, 1001] }
  }
  const all = await read(everywhere({ request: { top: 1024, tokens: [] } }))
  assert.deepEqual(await read(everywhere({ request, judge })), all)
  const second = seen.filter(({ ids, top }) => top === 8 && ids.includes(1000))
  assert.ok(second.length > tokens.length / 2)
  for (const { ids } of second) assert.ok(ids.length >= 8 && ids.length <= 10 && ids.includes(1001))
})

test('a judge that throws or is never content, or somebody who gives up, ends that reading alone', async () => {
  const wrong = (): never => {
    throw new RangeError('wrong')
  }
  const stop = new AbortController()
  const give = (): undefined => {
    stop.abort(new Error('given up'))
  }
  const ids = (answers: readonly Candidates[]) => answers.map((answer) => answer.ids[0])
  const expected = await read(everywhere({ request }))
  const good = read(everywhere({ request }), { which: 1 })
  const bad = read(everywhere({ request, judge: wrong }))
  const left = read(everywhere({ request, judge: give }), { which: 2, signal: stop.signal })
  await assert.rejects(bad, RangeError)
  await assert.rejects(left, /given up/)
  assert.deepEqual(ids(await good), ids(expected))
  await assert.rejects(read(everywhere({ request, judge: () => request })), EngineError)
  await assert.rejects(read(everywhere({ request }), { signal: stop.signal }), /given up/)
  for (const which of [0, 2]) assert.deepEqual(await read(everywhere({ request }), { which }), expected)
})

test('what is prepared and fails ends that batch, and the next one is right again', async () => {
  const expected = await read(everywhere({ request }))
  const prepare = (): never => {
    throw new RangeError('not prepared')
  }
  const failing = read(everywhere({ request, prepare }))
  // By then the first batch is being computed, in which this has no part.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  const later = read(everywhere({ request }), { which: 1 })
  await assert.rejects(failing, RangeError)
  assert.equal((await later).length, tokens.length)
  assert.deepEqual(await read(everywhere({ request })), expected)
})

test('a batch that fails ends those in it by name, not others, and the next one is right again', async () => {
  const expected = await read(everywhere({ request }))
  const [first, second, third] = sequences
  if (first === undefined || second === undefined || third === undefined) throw new Error('no such sequence')
  for (const sequence of [second, third]) sequence.keep(0)
  const step = (sequence: Sequence, token: number) =>
    reader.read(sequence, { tokens: [token], wanted: [{ after: 0, request }], signal: never() })
  const broken = step(second, 5000)
  const beside = step(third, 10)
  const longer = read(everywhere({ request }))
  await assert.rejects(broken, { code: 'ENGINE_FAILED' })
  await assert.rejects(beside, { code: 'ENGINE_FAILED' })
  assert.deepEqual(await longer, expected)
  for (const which of [1, 2]) assert.deepEqual(await read(everywhere({ request }), { which }), expected)
})

test('once it is closed nothing more is read', async () => {
  const last = new TokenReader(context, sequences, { kind: 'apart', batched: false })
  const [sequence] = sequences
  if (sequence === undefined) throw new Error('no such sequence')
  sequence.keep(0)
  const running = last.read(sequence, { tokens, wanted: [], signal: never() })
  const closing = last.close()
  await assert.rejects(running, { code: 'ENGINE_CLOSED' })
  await closing
  await assert.rejects(last.read(sequence, { tokens, wanted: [], signal: never() }), { code: 'ENGINE_CLOSED' })
})
