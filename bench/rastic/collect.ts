import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findModel, loadRegistry, openEngine, type RegisteredModel } from '@camelid/engine'
import type { Engine, Profile } from '@camelid/rastic'
import { ATTACKS } from './attacks.ts'
import { type Order, ordersFor } from './orders.ts'
import type { Plan } from './plan.ts'
import { type Sample, takeSample } from './sample.ts'

export interface Models {
  /** Directory of models.json, with the model that is sold and its noise profile. */
  readonly registry: string
  /** Directory of the models that a cheat would run; attacks whose model is not there are left out. */
  readonly cheats: string
}

export interface Collected {
  readonly model: RegisteredModel
  readonly profile: Profile
  readonly engine: string
  readonly backend: string
  readonly samples: readonly Sample[]
  readonly leftOut: readonly string[]
}

const SOLD = 'camelid-tiny-F16'
const SEQUENCES = 4
const quiet = { debug: () => {}, warn: () => {} }

/** Honest regimes: who writes, how many outputs at a time, and what share of the plan's jobs: threads make tiny models slow. */
const REGIMES = [
  { name: 'honest, alone', threads: 1, batch: 1, share: 1 },
  { name: 'honest, 4 in a batch', threads: 1, batch: SEQUENCES, share: 1 },
  { name: 'honest, 2 threads', threads: 2, batch: 1, share: 0.1 },
] as const

/** Writes and checks all outputs of a plan. */
export async function collect(plan: Plan, models: Models, log: (line: string) => void): Promise<Collected> {
  await using stack = new AsyncDisposableStack()
  const open = async (modelPath: string, threads = 1, expected?: RegisteredModel): Promise<Engine> => {
    const options = { modelPath, threads, sequences: SEQUENCES, log: quiet, ...(expected && { expected }) }
    return stack.adopt(await openEngine(options), (engine) => engine.dispose())
  }
  const model = findModel(loadRegistry(models.registry), SOLD)
  const [registered] = model.profiles
  if (registered === undefined) throw new Error(`${SOLD} has no noise profile in models.json`)
  const { profile } = registered
  const honest = await open(model.file, 1, model)
  const writers = new Map([
    [1, honest],
    [2, await open(model.file, 2, model)],
  ])
  const others = new Map<string, Engine>()
  for (const name of new Set(ATTACKS.flatMap(({ needs }) => needs ?? []))) {
    const file = join(models.cheats, `${name}.gguf`)
    if (existsSync(file)) others.set(name, await open(file))
  }
  const possible = ATTACKS.filter(({ needs }) => needs === undefined || others.has(needs))
  const samples: Sample[] = []
  for (const temperatureMilli of plan.temperatures) {
    const ordered = (count: number): Order[] => ordersFor(model, temperatureMilli, plan.maxTokens, count)
    for (const { name, threads, batch, share } of REGIMES) {
      const writer = writers.get(threads) ?? honest
      const orders = ordered(Math.ceil(share * plan.honestJobs))
      for (let from = 0; from < orders.length; from += batch)
        samples.push(...(await Promise.all(orders.slice(from, from + batch).map((order) => sell(name, writer, order)))))
      log(`${name}, temperature ${temperatureMilli / 1000}: ${orders.length} jobs`)
    }
    for (const { name, claim } of possible) {
      for (const order of ordered(plan.jobs)) {
        const tokenIds = await claim({ honest, others }, order)
        if (tokenIds === undefined) continue
        samples.push(await takeSample({ name, verifier: honest, profile, order, tokenIds, generateUs: 0 }))
      }
      log(`${name}, temperature ${temperatureMilli / 1000}: ${plan.jobs} jobs`)
    }
  }
  const leftOut = ATTACKS.filter((attack) => !possible.includes(attack)).map(
    ({ name, needs }) => `${name} (no ${needs})`,
  )
  return { model, profile, engine: honest.engine, backend: honest.backend, samples, leftOut }

  async function sell(name: string, writer: Engine, order: Order): Promise<Sample> {
    const { job, jobId } = order
    const { tokenIds, prefillUs, generateUs } = await writer.generate({
      job,
      jobId,
      signal: new AbortController().signal,
    })
    const spentUs = prefillUs + generateUs
    return await takeSample({ name, verifier: honest, profile, order, tokenIds, generateUs: spentUs })
  }
}
