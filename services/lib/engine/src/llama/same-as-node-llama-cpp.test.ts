import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { getLlama, LlamaLogLevel, type LlamaModel, type Token } from 'node-llama-cpp'
import { TINY } from '../testing.ts'
import { loadLlama } from './load-llama.ts'
import { NativeContext } from './native-context.ts'
import { NativeModel } from './native-model.ts'

const stack = new AsyncDisposableStack()
/** By the library whose build of llama.cpp this is. */
let theirs: LlamaModel
let ours: NativeModel

before(async () => {
  ours = stack.use(await NativeModel.load(await loadLlama(false), TINY.file))
  const options = { gpu: false, build: 'never', skipDownload: true, progressLogs: false } as const
  const llama = stack.use(await getLlama({ ...options, logLevel: LlamaLogLevel.error }))
  theirs = stack.use(await llama.loadModel({ modelPath: TINY.file }))
})
after(() => stack.disposeAsync())

const TEXTS = [
  '',
  ' ',
  'Once upon a time',
  '  two spaces, and a\ttab\n\n',
  'The llama — “¡olé!” 🦙 said Pia.',
  'a fox</s><s>',
  '\u0000\u0001\ud800 half a pair',
  '汉字 and かな, עברית',
]

test('text becomes the tokens that node-llama-cpp makes of it, special ones where they may stand', () => {
  for (const text of TEXTS) {
    for (const special of [false, true])
      assert.deepEqual(ours.tokenize(text, special), [...theirs.tokenize(text, special)].map(Number), text)
  }
})

test('tokens become the bytes of its text, in which only whole characters show', () => {
  const ids = Array.from({ length: ours.vocabularySize }, (_, id) => id)
  const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  for (const some of [...ids.map((id) => [id]), ids, [], ...TEXTS.map((text) => ours.tokenize(text, true))]) {
    for (const special of [false, true])
      assert.equal(decode(ours.detokenize(some, special)), theirs.detokenize(some as Token[], special))
  }
})

test('what a model says of itself is what node-llama-cpp reads', () => {
  const ids = [...theirs.iterateAllTokens()]
  assert.equal(ours.vocabularySize, ids.length)
  assert.equal(ours.trainContextSize, theirs.trainContextSize)
  assert.equal(ours.firstToken, theirs.tokens.bos)
  assert.ok(theirs.tokens.shouldPrependBosToken)
  assert.equal(ours.slidingWindow, theirs.fileInsights.swaSize ?? 0)
  assert.ok(ours.canCutBack)
  assert.deepEqual(
    ids.map((id) => ours.endsGeneration(id)),
    ids.map((id) => theirs.isEogToken(id)),
  )
})

test('logits are those that node-llama-cpp hands out, to the bit', async () => {
  const tokens = Array.from({ length: 90 }, (_, i) => 10 + ((i * 37) % 1000))
  const shape = { contextSize: 512, sequences: 2, threads: 1, flashAttention: false }
  await using sequence = (await theirs.createContext({ ...shape, batchSize: 128 })).getSequence()
  const asked = { generateNext: { options: { temperature: 0 }, logits: true } }
  const outputs = await sequence.controlledEvaluate(tokens.map((id) => [id as Token, asked]))
  const expected = outputs.map((output) => {
    const logits = output?.next.logits
    return Array.from({ length: 1024 }, (_, id) => logits?.get(id as Token))
  })
  using context = await NativeContext.create(ours, { ...shape, batchTokens: 128, cacheType: 'F16' })
  for (const [index, token] of tokens.entries()) context.add(0, index, token, true)
  await context.decode()
  assert.deepEqual(
    tokens.map((_, output) => [...context.logits(output)]),
    expected,
  )
})
