// npm run bench:engine [-- --part check|rule|greedy|worker|batch|prefix] [--rounds 15]
// What checking and the generation rule cost beside the model itself; each figure is a ratio or a difference within one run.
import { parseArgs } from 'node:util'
import { report } from '../report.ts'
import { benchBatch } from './batch.ts'
import { benchCheck } from './check.ts'
import { benchGreedy } from './greedy.ts'
import { MIDDLE, randomModels, SLOW, shippedModel, WIDE } from './models.ts'
import { benchPrefix } from './prefix.ts'
import { benchRule } from './rule.ts'
import { benchWorker } from './worker.ts'

const { values } = parseArgs({ options: { part: { type: 'string' }, rounds: { type: 'string', default: '15' } } })
await using stack = new AsyncDisposableStack()
const random = randomModels(stack)
const rounds = Number(values.rounds)
const parts = {
  check: async () => [
    ...(await benchCheck(shippedModel(), 64, rounds)),
    ...(await benchCheck(shippedModel(), 160, rounds)),
    ...(await benchCheck(random(WIDE), 128, Math.ceil(rounds / 2))),
    ...(await benchCheck(random(SLOW), 64, Math.ceil(rounds / 8))),
  ],
  rule: async () => [
    ...(await benchRule(shippedModel(), 0.1, rounds)),
    ...(await benchRule(random(WIDE), 0.5, Math.ceil(rounds / 3))),
  ],
  greedy: () => benchGreedy(random(SLOW), 2 * rounds),
  worker: async () => [
    ...(await benchWorker(shippedModel(), { sequences: 4, maxTokens: 100, rounds: Math.ceil(rounds / 2) })),
    ...(await benchWorker(random(MIDDLE), { sequences: 4, maxTokens: 48, rounds: Math.ceil(rounds / 2) })),
    ...(await benchWorker(random(MIDDLE), { sequences: 8, maxTokens: 48, rounds: Math.ceil(rounds / 4) })),
  ],
  batch: async () => [
    ...(await benchBatch(shippedModel(), { sequences: 8, jobs: 40 * rounds, maxTokens: 160 })),
    ...(await benchBatch(random(MIDDLE), { sequences: 4, jobs: 6 * rounds, maxTokens: 96 })),
    ...(await benchBatch(random(MIDDLE), { sequences: 8, jobs: 6 * rounds, maxTokens: 96 })),
  ],
  prefix: () => benchPrefix(random(WIDE), Math.ceil(rounds / 4)),
}
const figures = []
for (const [name, measure] of Object.entries(parts)) {
  if (values.part !== undefined && values.part !== name) continue
  console.log(name)
  figures.push(...(await measure()))
}
if (figures.length === 0) throw new Error(`--part ${values.part}: give one of ${Object.keys(parts).join(', ')}`)
process.exitCode = report(figures)
