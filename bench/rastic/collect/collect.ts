import { findModel, loadRegistry, openEngine, type RegisteredModel } from '@camelid/engine'
import type { Engine, Profile } from '@camelid/rastic'
import type { Plan } from '../plan.ts'
import { attacksOn, type Kitchen } from './attacks.ts'
import { type CheatFiles, openCheats } from './cheats.ts'
import { chooseProfile } from './choose-profile.ts'
import { collectAttack } from './collect-attack.ts'
import { collectHonest } from './collect-honest.ts'
import { notMeasured } from './not-measured.ts'
import { type OwnOutput, ownOutputsOf } from './own-outputs.ts'
import { REGIMES, type Regime } from './regimes.ts'
import type { Sample } from './sample.ts'

export interface Models {
  /** Directory of models.json, with the model that is sold and its noise profile. */
  readonly registry: string
  /** A name of the registry. */
  readonly sold: string
  /** Attacks whose model is missing are left out. */
  readonly cheats: CheatFiles
}

export interface Collected {
  readonly model: RegisteredModel
  readonly profile: Profile
  readonly engine: string
  readonly backend: string
  readonly samples: readonly Sample[]
  /** Models of the cheats. */
  readonly cheats: readonly Pick<RegisteredModel, 'name' | 'sha256'>[]
  /** Attacks, each with its reason. */
  readonly leftOut: readonly string[]
  /** Else of rastic.md's table, each with its reason. */
  readonly notMeasured: readonly string[]
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

const SEQUENCES = 8
const quiet = { debug: () => {}, warn: () => {} }

/** Writes and checks all outputs of a plan. */
export async function collect(plan: Plan, models: Models, { begin, log }: Listener): Promise<Collected> {
  await using stack = new AsyncDisposableStack()
  const registry = loadRegistry(models.registry)
  const model = findModel(registry, models.sold)
  const open = async (options: Omit<Parameters<typeof openEngine>[0], 'log'>): Promise<Engine> =>
    stack.adopt(await openEngine({ ...options, log: quiet }), (engine) => engine.dispose())
  const sold = { modelPath: model.file, expected: model, sequences: SEQUENCES, threads: 1 }
  const opened = new Map<string, Engine>()
  const verifier = await open({ ...sold, sequences: 1 })
  const profile = chooseProfile(model, verifier)
  const { engines: others, missing } = await openCheats(models.cheats, model, {
    model: verifier.model,
    open: (modelPath) => open({ modelPath, sequences: SEQUENCES, threads: 1 }),
  })
  const honest = await open(sold)
  const workshop: Workshop = {
    model,
    profile,
    plan,
    honest,
    ownOutput: ownOutputsOf(honest),
    verifier,
    others,
    async open({ batch, threads, flashAttention, cacheType }) {
      const key = `${batch} ${threads} ${flashAttention} ${cacheType}`
      const engine = opened.get(key) ?? (await open({ ...sold, sequences: batch, threads, flashAttention, cacheType }))
      opened.set(key, engine)
      return engine
    },
  }
  const attacks = attacksOn(model.name)
  const possible = attacks.filter(({ needs }) => needs === undefined || others.has(needs))
  const leftOut = attacks.flatMap(({ name, needs }) => {
    const reason = needs === undefined ? undefined : missing.get(needs)
    return reason === undefined ? [] : [`${name} (${reason})`]
  })
  const { engine, backend } = verifier
  const collected: Collected = {
    model,
    profile,
    engine,
    backend,
    samples: [],
    cheats: [...others.values()].map(({ model: { name, sha256 } }) => ({ name, sha256 })),
    leftOut,
    notMeasured: await notMeasured(model, registry, backend),
  }
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
