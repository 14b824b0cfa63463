import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Candidates, Wanted } from '@camelid/rastic'
import { getLlama, getModuleVersion, type LlamaContext, type LlamaContextSequence, LlamaLogLevel } from 'node-llama-cpp'
import { BatchReader } from './batch-reader.ts'
import { EngineError } from './errors.ts'
import { hasKnownInsides } from './library-insides.ts'
import { PlainReader } from './plain-reader.ts'
import { TINY } from './testing.ts'
import type { TokenReader } from './token-reader.ts'

const VOCABULARY = 1024
const stack = new AsyncDisposableStack()
let context: LlamaContext
let sequences: LlamaContextSequence[]
let plain: TokenReader
let batch: TokenReader

before(async () => {
  const options = { gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 } as const
  const llama = stack.use(await getLlama({ ...options, logLevel: LlamaLogLevel.error }))
  const model = stack.use(await llama.loadModel({ modelPath: TINY.file }))
  const readers = stack.use(new DisposableStack())
  context = stack.use(
    await model.createContext({ contextSize: 512, sequences: 2, batchSize: 64, threads: 1, flashAttention: false }),
  )
  sequences = [context.getSequence(), context.getSequence()]
  plain = readers.use(new PlainReader(VOCABULARY))
  if (!hasKnownInsides(await getModuleVersion(), context)) throw new Error('the installed release has other insides')
  batch = readers.use(new BatchReader(context, VOCABULARY))
})
after(() => stack.disposeAsync())

/** More than one batch of 64. */
const tokens = Array.from({ length: 90 }, (_, i) => 10 + ((i * 37) % 1000))
const everywhere = (one: Omit<Wanted, 'after'>): Wanted[] => tokens.map((_, index) => ({ ...one, after: index }))

async function read(reader: TokenReader, wanted: readonly Wanted[], which = 0): Promise<Candidates[]> {
  const sequence = sequences[which]
  if (sequence === undefined) throw new Error('no such sequence')
  await sequence.clearHistory()
  const answers = await reader.read(sequence, tokens, wanted)
  assert.equal(sequence.nextTokenIndex, tokens.length)
  return answers
}

test('only the release whose insides were read is taken for known', () => {
  assert.ok(!hasKnownInsides('3.22.2', context))
})

test('both readers give the same logits, whatever is asked', async () => {
  for (const request of [
    { top: 1, tokens: [] },
    { top: 1, tokens: [7, 500] },
    { top: 24, tokens: [] },
    { top: 24, tokens: [7, 500, 12] },
    { top: VOCABULARY, tokens: [] },
  ]) {
    const expected = await read(plain, everywhere({ request }))
    assert.deepEqual(await read(batch, everywhere({ request })), expected)
    assert.equal(expected.length, tokens.length)
  }
})

test('one output of the greedy sampler is the first of all, and of equal ones the lowest', async () => {
  const all = await read(batch, everywhere({ request: { top: VOCABULARY, tokens: [] } }))
  const one = await read(batch, everywhere({ request: { top: 1, tokens: [] } }))
  assert.deepEqual(
    one.map(({ ids, logits }) => [ids[0], logits[0]]),
    all.map(({ ids, logits }) => [ids[0], logits[0]]),
  )
})

test('what is asked then is answered besides what was listed before', async () => {
  const judge = (answer: Candidates) => {
    if (answer.ids.includes(1000)) return answer.ids.length < VOCABULARY ? { top: VOCABULARY, tokens: [] } : undefined
    return { top: 8, tokens: [1000, 1001] }
  }
  const all = await read(plain, everywhere({ request: { top: VOCABULARY, tokens: [] } }))
  for (const reader of [plain, batch]) {
    const seen: Candidates[] = []
    const note = (answer: Candidates) => {
      seen.push(answer)
      return judge(answer)
    }
    assert.deepEqual(await read(reader, everywhere({ request: { top: 8, tokens: [] }, judge: note })), all)
    const second = seen.filter(({ ids, top }) => top === 8 && ids.includes(1000))
    assert.ok(second.length > tokens.length / 2)
    for (const { ids } of second) assert.ok(ids.length >= 8 && ids.length <= 10 && ids.includes(1001))
  }
})

test('a judge that throws or is never content ends its own reading alone', async () => {
  const wrong = (): never => {
    throw new RangeError('wrong')
  }
  for (const reader of [plain, batch]) {
    const request = { top: 4, tokens: [] }
    const good = read(reader, everywhere({ request }), 1)
    await assert.rejects(read(reader, everywhere({ request, judge: wrong })), RangeError)
    assert.equal((await good).length, tokens.length)
    await assert.rejects(read(reader, everywhere({ request, judge: () => request })), EngineError)
    assert.equal((await read(reader, everywhere({ request }))).length, tokens.length)
  }
})

test('two sequences of one batch get each their own', async () => {
  const request = { top: 16, tokens: [3] }
  const alone = await read(batch, everywhere({ request }))
  const [first, second] = await Promise.all([
    read(batch, everywhere({ request })),
    read(batch, everywhere({ request }).slice(40), 1),
  ])
  assert.deepEqual(
    first?.map(({ ids }) => ids[0]),
    alone.map(({ ids }) => ids[0]),
  )
  assert.deepEqual(
    second?.map(({ ids }) => ids[0]),
    alone.slice(40).map(({ ids }) => ids[0]),
  )
})
