import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findModel, loadRegistry, openEngine, type RegisteredModel } from '@camelid/engine'
import type { Engine, Profile } from '@camelid/rastic'
import { ATTACKS, type Kitchen } from './attacks.ts'
import { collectAttack } from './collect-attack.ts'
import { collectHonest } from './collect-honest.ts'
import { type OwnOutput, ownOutputsOf } from './own-outputs.ts'
import type { Plan } from './plan.ts'
import { REGIMES, type Regime } from './regimes.ts'
import type { Sample } from './sample.ts'

export interface Models {
  /** Directory of models.json, with the model that is sold and its noise profile. */
  readonly registry: string
  /** Directories of the models that a cheat would run; attacks whose model is in none are left out. */
  readonly cheats: readonly string[]
}

export interface Collected {
  readonly model: RegisteredModel
  readonly profile: Profile
  readonly engine: string
  readonly backend: string
  readonly samples: readonly Sample[]
  readonly leftOut: readonly string[]
}

export interface Listener {
  /** Told what the samples will be of; what it returns hears of each group of them. */
  readonly begin: (collected: Collected) => (samples: readonly Sample[]) => void
  readonly log: (line: string) => void
}

/** What all outputs of a run are written and checked with. */
export interface Workshop extends Kitchen {
  readonly model: RegisteredModel
  readonly profile: Profile
  readonly plan: Plan
  /** One prefill after another, so that no check changes another's numbers. */
  readonly verifier: Engine
  readonly ownOutput: OwnOutput
  open(regime: Pick<Regime, 'batch' | 'threads' | 'flashAttention' | 'cacheType'>): Promise<Engine>
}

const SOLD = 'camelid-tiny-F16'
const SEQUENCES = 8
const quiet = { debug: () => {}, warn: () => {} }

/** Writes and checks all outputs of a plan. */
export async function collect(plan: Plan, models: Models, { begin, log }: Listener): Promise<Collected> {
  await using stack = new AsyncDisposableStack()
  const model = findModel(loadRegistry(models.registry), SOLD)
  const [registered] = model.profiles
  if (registered === undefined) throw new Error(`${SOLD} has no noise profile in models.json`)
  const open = async (options: Omit<Parameters<typeof openEngine>[0], 'log'>): Promise<Engine> =>
    stack.adopt(await openEngine({ ...options, log: quiet }), (engine) => engine.dispose())
  const sold = { modelPath: model.file, expected: model, sequences: SEQUENCES, threads: 1 }
  const opened = new Map<string, Engine>()
  const others = new Map<string, Engine>()
  for (const name of new Set(ATTACKS.flatMap(({ needs }) => needs ?? []))) {
    const file = models.cheats.map((directory) => join(directory, `${name}.gguf`)).find(existsSync)
    if (file !== undefined) others.set(name, await open({ modelPath: file, sequences: SEQUENCES, threads: 1 }))
  }
  const honest = await open(sold)
  const workshop: Workshop = {
    model,
    profile: registered.profile,
    plan,
    honest,
    ownOutput: ownOutputsOf(honest),
    verifier: await open({ ...sold, sequences: 1 }),
    others,
    async open({ batch, threads, flashAttention, cacheType }) {
      const key = `${batch} ${threads} ${flashAttention} ${cacheType}`
      const engine = opened.get(key) ?? (await open({ ...sold, sequences: batch, threads, flashAttention, cacheType }))
      opened.set(key, engine)
      return engine
    },
  }
  const possible = ATTACKS.filter(({ needs }) => needs === undefined || others.has(needs))
  const leftOut = ATTACKS.filter((attack) => !possible.includes(attack)).map(
    ({ name, needs }) => `${name} (there is no ${needs}.gguf: models/README.md tells how to get it)`,
  )
  const { engine, backend } = workshop.verifier
  const collected: Collected = { model, profile: workshop.profile, engine, backend, samples: [], leftOut }
  const keep = begin(collected)
  const samples: Sample[] = []
  const add = (name: string, some: readonly Sample[], temperatureMilli: number): void => {
    samples.push(...some)
    keep(some)
    log(`${name}, temperature ${temperatureMilli / 1000}: ${some.length} jobs`)
  }
  for (const temperature of plan.temperatures)
    for (const regime of REGIMES) add(regime.name, await collectHonest(workshop, regime, temperature), temperature)
  for (const temperature of plan.temperatures)
    for (const attack of possible) add(attack.name, await collectAttack(workshop, attack, temperature), temperature)
  return { ...collected, samples }
}
