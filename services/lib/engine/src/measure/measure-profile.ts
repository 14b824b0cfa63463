import type { Job } from '@camelid/codec'
import type { Engine, Profile } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import { type EngineOptions, openEngine } from '../open-engine.ts'
import { findModel, loadRegistry, type RegisteredModel } from '../registry.ts'
import { joinNoise, measureNoise, type NoiseMeasurement } from './measure-noise.ts'
import { plainJob } from './plain-job.ts'
import { ProfileFile } from './profile-file.ts'
import { PROMPTS } from './prompts.ts'
import { type EngineSetting, type Regime, regimesOf, VERIFIER } from './regimes.ts'
import { describeNoise, toProfile } from './to-profile.ts'

export interface MeasureOptions {
  /** By its name in models.json. */
  readonly model: string
  readonly modelsDir: string
  /** Logit units. */
  readonly tau: number
  /** Logit units. */
  readonly tailScale: number
  /** Prompts taken of those there are; all where left out. */
  readonly prompts?: number
  /** Rounds over all prompts and rules, each with other noise. */
  readonly repeat: number
  /** CPU threads of the regime with more than one; 1 leaves it out. */
  readonly threads: number
  readonly gpu: NonNullable<EngineOptions['gpu']>
  /** Whether a profile that is there may be overwritten. */
  readonly replace: boolean
  readonly signal: AbortSignal
  /** Told the regime, and positions measured in it so far. */
  readonly onProgress: (regime: string, positions: number) => void
}

export interface MeasuredProfile {
  readonly path: string
  readonly sha256: string
  readonly profile: Profile
}

interface MeasuredRegime {
  readonly regime: Regime
  readonly pair: Profile['pairs'][number]
  readonly noise: NoiseMeasurement
}

const TEMPERATURES_MILLI = [0, 800, 1200]
const FILTERS = [
  { topK: 0, topPMicro: 1_000_000 },
  { topK: 40, topPMicro: 950_000 },
]
const quiet = { debug: () => {}, warn: () => {} }

/**
 * Measures how far apart honest runs of a model are on this machine, writes profiles/<model>.<backend>.json and its hash into
 * models.json (rastic: The check, "A noise profile").
 *
 * @throws EngineError UNKNOWN_MODEL, MODEL_NOT_FOUND, GPU_NOT_USABLE, PROFILE_EXISTS, PROFILE_NOT_WRITABLE, NOISE_TOO_WIDE; the
 * signal's reason
 */
export async function measureProfile(options: MeasureOptions): Promise<MeasuredProfile> {
  const { model: name, modelsDir, tau, tailScale, repeat, replace, gpu } = options
  const model = findModel(loadRegistry(modelsDir), name)
  await using stack = new AsyncDisposableStack()
  // Regimes of a GPU come last: one that is not there is named before the long measurement.
  if (gpu !== false) await (await open(model, { ...VERIFIER, gpu })).dispose()
  const verifier = stack.adopt(await open(model, VERIFIER), (engine) => engine.dispose())
  using file = new ProfileFile(modelsDir, `profiles/${name}.${verifier.backend.replaceAll(' ', '-')}.json`, { replace })
  const prompts = PROMPTS.slice(0, options.prompts)
  const jobs = Array.from({ length: repeat }, () => jobsFor(model, prompts)).flat()
  const measured: MeasuredRegime[] = []
  const notPossible: string[] = []
  for (const [number, regime] of regimesOf(options).entries()) {
    const one = await measureRegime(model, verifier, regime, { jobs, number, options })
    if (one !== undefined) measured.push(one)
    else notPossible.push(`${regime.name}: not possible here`)
  }
  const covered = measured.filter(({ regime }) => regime.isCovered)
  const describe = ({ regime, noise }: MeasuredRegime): string => describeNoise(regime.name, noise)
  const profile = toProfile(verifier, joinNoise(covered.map(({ noise }) => noise)), {
    tau,
    tailScale,
    pairs: [...new Map(covered.map(({ pair }) => [JSON.stringify(pair), pair])).values()],
    notes: [
      `${prompts.length} prompts, temperatures 0, 0.8 and 1.2, without filters and with top-k 40 and top-p 0.95, ${repeat} rounds of noise`,
      'generated token by token; checked by one prefill with one thread and neither flash attention nor a quantised cache',
      'a shift is the largest change between both of any logit difference among the 16 likeliest tokens of a position',
    ],
    regimes: covered.map(describe),
    notCovered: [...measured.filter(({ regime }) => !regime.isCovered).map(describe), ...notPossible],
  })
  return { path: file.path, sha256: file.write(profile), profile }
}

/** Undefined where the regime asks for a GPU and there is none, or for a cache that does not suit the model. */
async function measureRegime(
  model: RegisteredModel,
  reference: Engine,
  regime: Regime,
  { jobs, number, options }: { jobs: readonly Job[]; number: number; options: MeasureOptions },
): Promise<MeasuredRegime | undefined> {
  const { signal, onProgress } = options
  await using stack = new AsyncDisposableStack()
  const engineFor = async (setting: EngineSetting): Promise<Engine> =>
    setting === VERIFIER ? reference : stack.adopt(await open(model, setting), (engine) => engine.dispose())
  const writer = await engineFor(regime.writer).catch((error: unknown) => {
    if (regime.isCovered || !(error instanceof EngineError) || error.code !== 'ENGINE_FAILED') throw error
  })
  const verifier = await engineFor(regime.verifier)
  if (writer === undefined) return undefined
  const wantsGpu = regime.writer.gpu !== undefined || regime.verifier.gpu !== undefined
  if (wantsGpu && writer.backend === reference.backend && verifier.backend === reference.backend) return undefined
  let positions = 0
  const progress = (more: number): void => {
    positions += more
    onProgress(regime.name, positions)
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
  return { regime, pair: { generator: writer.backend, verifier: verifier.backend }, noise }
}

function open(model: RegisteredModel, setting: EngineSetting): Promise<Engine> {
  return openEngine({ modelPath: model.file, expected: model, log: quiet, ...setting })
}

function jobsFor({ sha256 }: RegisteredModel, prompts: readonly string[]): Job[] {
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
