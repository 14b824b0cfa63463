import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ModelMemory } from './model-memory.ts'
import { openEngine } from './open-engine.ts'
import { quiet, TINY } from './testing.ts'

const MIB = 2 ** 20

test('memory is given up to its bound, and again once it is free', () => {
  const memory = new ModelMemory(10 * MIB)
  const first = memory.reserve(6 * MIB, 'a')
  assert.throws(() => memory.reserve(5 * MIB, 'b'), {
    code: 'MODEL_TOO_LARGE',
    message: /b: 5\.0 MiB are needed, but of the 10 MiB for models 4\.0 are free/,
  })
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  memory.reserve(10 * MIB, 'c')
  assert.throws(() => memory.reserve(1, 'd'), { code: 'MODEL_TOO_LARGE' })
})

test('a model, or a context, that does not fit is refused by name, and takes nothing', async () => {
  const memory = new ModelMemory(40 * MIB)
  const open = (sequences: number, bound = memory) =>
    openEngine({ modelPath: TINY.file, expected: TINY, sequences, threads: 1, log: quiet, memory: bound })
  await assert.rejects(open(1, new ModelMemory(2 * MIB)), {
    code: 'MODEL_TOO_LARGE',
    message: /weights of camelid-tiny-F16/,
  })
  await assert.rejects(open(200), { code: 'MODEL_TOO_LARGE', message: /200 sequences/ })
  const first = await open(1)
  await assert.rejects(open(60), { code: 'MODEL_TOO_LARGE' })
  await first.dispose()
  await (await open(1)).dispose()
})

test('a context is charged the same whoever else opens one meanwhile', async () => {
  const charged = async (count: number): Promise<number[]> => {
    const bytes: number[] = []
    class Noted extends ModelMemory {
      override reserve(amount: number, what: string): Disposable {
        bytes.push(amount)
        return super.reserve(amount, what)
      }
    }
    const options = { modelPath: TINY.file, expected: TINY, sequences: 2, threads: 1, log: quiet }
    const opening = Array.from({ length: count }, () => openEngine({ ...options, memory: new Noted(100 * MIB) }))
    for (const engine of await Promise.all(opening)) await engine.dispose()
    return [...new Set(bytes)].sort((a, b) => a - b)
  }
  assert.deepEqual(await charged(4), await charged(1))
})
