import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Candidates } from '@camelid/rastic'
import { loadLlama } from '../llama/load-llama.ts'
import { NativeContext } from '../llama/native-context.ts'
import { NativeModel } from '../llama/native-model.ts'
import type { ContextShape } from '../llama/params.ts'
import { findModel, loadRegistry } from '../registry.ts'
import { MODELS_DIR, never } from '../testing.ts'
import { planRows } from './plan-rows.ts'
import type { RowPlan } from './rows-of.ts'
import { Sequence } from './sequence.ts'
import { TokenReader } from './token-reader.ts'

const VOCABULARY = 1024
const STEPS = 10
const ALL = { top: VOCABULARY, tokens: [] }
const SHAPE = { contextSize: 512, batchTokens: 64, threads: 1, flashAttention: false, cacheType: 'F16' } as const
/** Of each sequence; more than a batch, so many that one token is left for a batch of its own, and few. */
const PROMPTS = [90, 3, 65, 20, 40, 129, 10, 30]

/** All logits, as `sequence` reads its prompt and then token by token. */
async function write(reader: TokenReader, sequence: Sequence, more: number): Promise<Candidates[]> {
  sequence.keep(0)
  const token = (place: number): number => 10 + ((sequence.id * 131 + place * 37) % (VOCABULARY - 10))
  const length = (PROMPTS[sequence.id] ?? 1) + more
  const prompt = Array.from({ length }, (_, place) => token(place))
  const answers: Candidates[] = []
  for (let step = 0; step <= STEPS; step++) {
    const tokens = step === 0 ? prompt : [token(length + step)]
    const wanted = [{ after: tokens.length - 1, request: ALL }]
    answers.push(...(await reader.read(sequence, { tokens, wanted, signal: never() })))
  }
  return answers
}

for (const [modelName, sequences, rest, more] of [
  ['camelid-tiny-F16', 1, {}, 0],
  ['camelid-tiny-F16', 3, {}, 0],
  ['camelid-tiny-F16', 8, {}, 0],
  ['camelid-tiny-F16', 3, { threads: 2 }, 0],
  ['camelid-tiny-Q4_0', 3, {}, 0],
  ['camelid-tiny-Q4_0', 8, {}, 0],
  // From 512 tokens on it divides what one sequence holds.
  ['camelid-tiny-Q4_0', 3, { flashAttention: true, contextSize: 1024, threads: 2 }, 600],
] as const) {
  const shape: ContextShape = { ...SHAPE, ...rest, sequences }
  describe(`${modelName}, ${sequences} sequences, ${JSON.stringify(rest)}`, () => {
    const stack = new AsyncDisposableStack()
    let context: NativeContext
    let plan: RowPlan
    const all = Array.from({ length: sequences }, (_, id) => new Sequence(id, true))
    before(async () => {
      const { file } = findModel(loadRegistry(MODELS_DIR), modelName)
      const model = stack.use(await NativeModel.load(await loadLlama(false), file))
      context = stack.use(await NativeContext.create(model, shape))
      plan = await planRows(context, model)
    })
    after(() => stack.disposeAsync())

    const read = async (plan: RowPlan, some: readonly Sequence[]): Promise<Read> => {
      const reader = new TokenReader(context, all, plan)
      const alone: Candidates[][] = []
      for (const sequence of some) alone.push(await write(reader, sequence, more))
      return { alone, together: await Promise.all(some.map((sequence) => write(reader, sequence, more))) }
    }

    test('every logit is the same, whoever else reads at the time', async () => {
      const { alone, together } = await read(plan, all)
      assert.deepEqual(together, alone)
      const few = await read(
        plan,
        all.filter(({ id }) => id % 3 !== 1),
      )
      const expected = alone.filter((_, id) => id % 3 !== 1)
      assert.deepEqual(few, { alone: expected, together: expected })
    })

    test('so it is where nobody wants the logits of what else is read', async () => {
      const [first, ...others] = all
      if (first === undefined || others.length === 0) return
      const reader = new TokenReader(context, all, plan)
      const alone = await write(reader, first, more)
      for (const other of others) other.keep(0)
      const silent = (sequence: Sequence): Promise<Candidates[]> =>
        reader.read(sequence, { tokens: [20], wanted: [], signal: never() })
      const [among] = await Promise.all([
        write(reader, first, more),
        ...others.map(async (sequence) => {
          for (let step = 0; step <= STEPS; step++) await silent(sequence)
          return []
        }),
      ])
      assert.deepEqual(among, alone)
    })

    test('so it is where all are computed apart, in one batch and in several', async () => {
      const { alone, together } = await read({ kind: 'apart', batched: true }, all)
      assert.deepEqual(together, alone)
      const unbatched = await read({ kind: 'apart', batched: false }, all)
      assert.deepEqual(unbatched, { alone, together })
    })

    test('nothing is computed for the sake of others without need', async () => {
      const { alone, together } = await read({ kind: 'together', least: 1 }, all)
      const isNeeded = plan.kind === 'apart' || plan.least > 1
      if (isNeeded) assert.notDeepEqual(together, alone)
      else assert.deepEqual(together, alone)
    })
  })
}

interface Read {
  readonly alone: readonly (readonly Candidates[])[]
  readonly together: readonly (readonly Candidates[])[]
}
