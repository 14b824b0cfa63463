import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { findModel, loadRegistry, openEngine } from '@camelid/engine'
import { writeRandomModel } from '../../models-random/write-random-model.ts'
import { attacksOn } from './attacks.ts'
import { type Cheat, openCheats } from './cheats.ts'

const MODELS = join(import.meta.dirname, '../../../models')
const empty = mkdtempSync(join(tmpdir(), 'camelid-cheats-'))
const stack = new AsyncDisposableStack()
stack.defer(() => rmSync(empty, { recursive: true }))
after(() => stack.disposeAsync())

const quiet = { debug: () => {}, warn: () => {} }
const open = async (modelPath: string) =>
  stack.adopt(await openEngine({ modelPath, sequences: 1, threads: 1, log: quiet }), (engine) => engine.dispose())
const sold = findModel(loadRegistry(MODELS), 'camelid-tiny-F16')
const { model } = await open(sold.file)

const opened = (given: [Cheat, string][], directories: string[]) =>
  openCheats({ given: new Map(given), directories }, sold, { model, open })

test("a cheat's model is found beside the others by the sold one's name, and told where there is none", async () => {
  const { engines, missing } = await opened([], [empty, MODELS])
  assert.deepEqual(
    [...engines.values()].map(({ model: { name } }) => name),
    ['camelid-mini-F16', 'camelid-tiny-Q4_0'],
  )
  assert.match(missing.get('Q8_0') ?? '', /no camelid-tiny-Q8_0.gguf: .*--cheat Q8_0=FILE/)
})

test('a file that is given is taken instead, whatever its name', async () => {
  const { engines, missing } = await opened([['Q8_0', join(MODELS, 'camelid-mini-F16.gguf')]], [empty])
  assert.equal(engines.get('Q8_0')?.model.name, 'camelid-mini-F16')
  assert.deepEqual([...missing.keys()], ['sibling', 'Q4_0'])
})

test('no cheat sells the model itself, or one with other tokens', async () => {
  const other = join(empty, 'other.gguf')
  const vocabulary = model.vocabularySize + 64
  writeRandomModel(other, { vocabulary, width: 64, layers: 1, heads: 2, kvHeads: 1, hidden: 64, context: 64, seed: 1 })
  for (const [file, message] of [
    [sold.file, /it is the model that is sold: take another file/],
    [other, /take one with the same tokenizer/],
  ] as const) {
    await assert.rejects(opened([['sibling', file]], []), { code: 'BAD_CHEAT', message })
  }
})

test('attacks by quantisation are named after the precision of what is sold', () => {
  const names = (name: string) => attacksOn(name).flatMap((attack) => (attack.needs === 'Q4_0' ? [attack.name] : []))
  assert.deepEqual(names('camelid-tiny-F16'), ['Q4_0 for F16'])
  assert.deepEqual(names('camelid-tiny-F32'), ['Q4_0 for F32'])
  assert.deepEqual(names('llama'), ['Q4_0 for llama'])
})
