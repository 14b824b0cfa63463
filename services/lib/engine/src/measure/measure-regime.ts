import type { Job } from '@camelid/codec'
import type { Engine, Profile } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import { openEngine } from '../open-engine.ts'
import type { RegisteredModel } from '../registry.ts'
import { measureNoise, type NoiseMeasurement } from './measure-noise.ts'
import { plainJob } from './plain-job.ts'
import { type EngineSetting, type Regime, VERIFIER } from './regimes.ts'

export interface MeasuredRegime {
  readonly regime: Regime
  readonly pair: Profile['pairs'][number]
  readonly noise: NoiseMeasurement
}

export interface RegimeListener {
  /** Positions measured in a regime so far. */
  progress(regime: string, positions: number): void
  /** A regime is done. */
  regime(regime: string, positions: number): void
}

interface RegimeRun {
  readonly jobs: readonly Job[]
  /** Of the regime: its noise is another one. */
  readonly number: number
  readonly signal: AbortSignal
  readonly tell: RegimeListener
}

const TEMPERATURES_MILLI = [0, 800, 1200]
const FILTERS = [
  { topK: 0, topPMicro: 1_000_000 },
  { topK: 40, topPMicro: 950_000 },
]
const quiet = { debug: () => {}, warn: () => {} }

/** Undefined where the regime asks for a cache that does not suit the model. */
export async function measureRegime(
  model: RegisteredModel,
  reference: Engine,
  regime: Regime,
  { jobs, number, signal, tell }: RegimeRun,
): Promise<MeasuredRegime | undefined> {
  await using stack = new AsyncDisposableStack()
  const engineFor = async (setting: EngineSetting): Promise<Engine> =>
    setting === VERIFIER ? reference : stack.adopt(await openAs(model, setting), (engine) => engine.dispose())
  const writer = await engineFor(regime.writer).catch((error: unknown) => {
    if (regime.isCovered || !(error instanceof EngineError) || error.code !== 'ENGINE_FAILED') throw error
  })
  const verifier = await engineFor(regime.verifier)
  if (writer === undefined) return undefined
  let positions = 0
  const progress = (more: number): void => {
    positions += more
    tell.progress(regime.name, positions)
  }
  const noise = await measureNoise({
    writer,
    verifier,
    jobs: jobs.filter((_, index) => index % Math.round(1 / regime.share) === 0),
    batch: regime.batch,
    number,
    signal,
    onProgress: progress,
  })
  tell.regime(regime.name, noise.positions)
  return { regime, pair: { generator: writer.backend, verifier: verifier.backend }, noise }
}

export function openAs(model: RegisteredModel, setting: EngineSetting): Promise<Engine> {
  return openEngine({ modelPath: model.file, expected: model, log: quiet, ...setting })
}

export function jobsFor({ sha256 }: RegisteredModel, prompts: readonly string[]): Job[] {
  return prompts.flatMap((text) =>
    TEMPERATURES_MILLI.flatMap((temperatureMilli) =>
      FILTERS.map((filter) => ({
        ...plainJob(Buffer.from(sha256, 'hex')),
        ...filter,
        temperatureMilli,
        input: [{ kind: 0 as const, text }],
      })),
    ),
  )
}
