import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { TINY } from '../testing.ts'
import { dryRun } from './dry-run.ts'
import { type Llama, loadLlama } from './load-llama.ts'
import { NativeContext } from './native-context.ts'
import { NativeModel } from './native-model.ts'
import type { ContextShape } from './params.ts'

const SHAPE: ContextShape = {
  contextSize: 512,
  sequences: 2,
  batchTokens: 128,
  threads: 1,
  flashAttention: false,
  cacheType: 'F16',
}
const stack = new AsyncDisposableStack()
let llama: Llama
let model: NativeModel
let context: NativeContext

before(async () => {
  llama = await loadLlama(false)
  model = stack.use(await NativeModel.load(llama, TINY.file))
  context = stack.use(await NativeContext.create(model, SHAPE))
})
after(() => stack.disposeAsync())

const tokens = Array.from({ length: 90 }, (_, i) => 10 + ((i * 37) % 1000))

async function read(which: number, from = 0): Promise<number[][]> {
  for (const [index, token] of tokens.entries()) if (index >= from) context.add(which, index, token, true)
  await context.decode()
  return tokens.slice(from).map((_, output) => [...context.logits(output)])
}

test('a sequence is cut back and goes on as if it had never been longer; another holds its own', async () => {
  context.cut(0, 0)
  context.cut(1, 0)
  const whole = await read(0)
  const other = await read(1)
  assert.deepEqual(other, whole)
  context.cut(0, 40)
  assert.deepEqual(await read(0, 40), whole.slice(40))
})

test('more tokens than a batch holds, or one that the model does not know, are refused by name', async () => {
  context.cut(0, 0)
  for (let index = 0; index < 128; index++) context.add(0, index, 5, false)
  assert.throws(() => context.add(0, 128, 5, false), { code: 'ENGINE_FAILED' })
  await context.decode()
  context.cut(0, 0)
  context.add(0, 0, 5000, true)
  await assert.rejects(context.decode(), { code: 'ENGINE_FAILED', message: /failed to evaluate tokens: -1/ })
  context.cut(0, 0)
  assert.equal((await read(0)).length, tokens.length)
})

test('what a context takes is told before it is made, and grows with its sequences', () => {
  const few = dryRun(llama, TINY.file, SHAPE).contextBytes
  const many = dryRun(llama, TINY.file, { ...SHAPE, sequences: 20 }).contextBytes
  // Keys and values of 6 layers, 64 numbers each in 16 bits, of 512 tokens a sequence.
  const perSequence = 512 * 6 * 2 * 64 * 2
  assert.ok(many - few >= 18 * perSequence, `${many - few}`)
  assert.ok(few >= 2 * perSequence + 4 * 1024 * SHAPE.batchTokens)
  assert.ok(few < 40 * 2 ** 20, `${few}`)
})

test('a context that cannot be made is refused by name', async () => {
  await assert.rejects(NativeContext.create(model, { ...SHAPE, cacheType: 'Q8_0' }), { code: 'ENGINE_FAILED' })
})
