import type { Engine, Profile } from '@camelid/rastic'
import { EngineError } from '../errors.ts'
import type { EngineOptions } from '../open-engine.ts'
import { findModel, loadRegistry, type RegisteredModel } from '../registry.ts'
import { LooseFile } from './loose-file.ts'
import { joinNoise, type NoiseMeasurement } from './measure-noise.ts'
import { jobsFor, type MeasuredRegime, measureRegime, openAs, type RegimeListener } from './measure-regime.ts'
import { leastPositions } from './miss-rate.ts'
import { ProfileFile } from './profile-file.ts'
import { PROMPTS } from './prompts.ts'
import { regimesOf, VERIFIER } from './regimes.ts'
import { describeNoise, type ProfileChoice, summarise, toProfile } from './to-profile.ts'

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
  /** A new file that the profile goes to, and models.json stays as it is; left out for the models directory. */
  readonly out?: string
  /** Whether a profile that is there may be overwritten. */
  readonly replace: boolean
  readonly signal: AbortSignal
  readonly tell: MeasureListener
}

/** Told how a measurement goes. */
export interface MeasureListener extends RegimeListener {
  /** Once, before the measurement: the backend of the GPU that is measured too; undefined for none. */
  gpu(backend: string | undefined): void
  /** All regimes are done; a line for each. */
  measured(lines: { readonly covered: readonly string[]; readonly notCovered: readonly string[] }): void
}

export interface MeasuredProfile {
  readonly path: string
  /** Hex. */
  readonly sha256: string
  readonly profile: Profile
  /** In models.json, where new jobs name the first of a model's profiles; out of it, a file of its own. */
  readonly place: 'first' | 'later' | 'out'
  /** Why it could not be entered into models.json; undefined where it could. */
  readonly tooFew: string | undefined
}

/**
 * Measures how far apart honest runs of a model are on this machine, writes profiles/<model>.<backends>.json and its hash into
 * models.json (rastic: The check, "A noise profile"), or a file elsewhere.
 *
 * @throws EngineError UNKNOWN_MODEL, MODEL_NOT_FOUND, GPU_NOT_USABLE, PROFILE_EXISTS, PROFILE_NOT_WRITABLE, and once it is measured
 * NOISE_TOO_WIDE, TOO_FEW_POSITIONS; the signal's reason
 */
export async function measureProfile(options: MeasureOptions): Promise<MeasuredProfile> {
  const { model: name, modelsDir, tau, tailScale, repeat, replace, out, tell } = options
  const model = findModel(loadRegistry(modelsDir), name)
  await using stack = new AsyncDisposableStack()
  // Regimes of a GPU come last: one that is not there is named before the long measurement.
  const gpuBackend = await findGpu(model, options.gpu)
  tell.gpu(gpuBackend)
  const gpu = gpuBackend === undefined ? false : options.gpu
  const verifier = stack.adopt(await openAs(model, VERIFIER), (engine) => engine.dispose())
  const backends = [verifier.backend, ...(gpuBackend === undefined ? [] : [gpuBackend])]
  const loose = out === undefined ? undefined : new LooseFile(out)
  using file = loose === undefined ? new ProfileFile(modelsDir, fileFor(name, backends), { replace }) : undefined
  const prompts = PROMPTS.slice(0, options.prompts)
  const jobs = Array.from({ length: repeat }, () => jobsFor(model, prompts)).flat()
  const measured: MeasuredRegime[] = []
  const notPossible: string[] = []
  for (const [number, regime] of regimesOf({ ...options, gpu }).entries()) {
    const one = await measureRegime(model, verifier, regime, { ...options, jobs, number })
    if (one !== undefined) measured.push(one)
    else notPossible.push(`${regime.name}: not possible here`)
  }
  const covered = measured.filter(({ regime }) => regime.isCovered)
  const describe = ({ regime, noise }: MeasuredRegime): string => describeNoise(regime.name, noise)
  const choice: ProfileChoice = {
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
  }
  tell.measured({ covered: choice.regimes, notCovered: choice.notCovered })
  const noise = joinNoise(covered.map((one) => one.noise))
  const profile = orKeep(loose, verifier, noise, choice)
  const tooFew = shortOf(noise.positions, { ...options, profile, prompts: prompts.length })
  if (loose !== undefined) return { path: loose.path, sha256: loose.write(profile), profile, place: 'out', tooFew }
  if (file === undefined || tooFew !== undefined) {
    throw new EngineError('TOO_FEW_POSITIONS', `${tooFew}; or --out FILE, which writes it there and enters it nowhere`)
  }
  const sha256 = file.write(profile)
  const [first] = findModel(loadRegistry(modelsDir), name).profiles
  return { path: file.path, sha256, profile, place: first?.sha256 === sha256 ? 'first' : 'later', tooFew }
}

/** The backend of the GPU that is to be measured; undefined where none is asked for, or "auto" finds none. */
async function findGpu(model: RegisteredModel, gpu: MeasureOptions['gpu']): Promise<string | undefined> {
  if (gpu === false) return undefined
  await using stack = new AsyncDisposableStack()
  const { backend } = stack.adopt(await openAs(model, { ...VERIFIER, gpu }), (engine) => engine.dispose())
  return backend.startsWith('cpu ') ? undefined : backend
}

/** As models.json names it: by all backends that it covers, since those of one machine may be part of those of another. */
function fileFor(name: string, backends: readonly string[]): string {
  return `profiles/${name}.${backends.map((backend) => backend.replaceAll(' ', '-')).join('_')}.json`
}

/** The profile; where its numbers do not hold, the measurement stays in the file outside of models.json, for other numbers. */
function orKeep(
  loose: LooseFile | undefined,
  verifier: Engine,
  noise: NoiseMeasurement,
  choice: ProfileChoice,
): Profile {
  try {
    return toProfile(verifier, noise, choice)
  } catch (cause) {
    if (loose === undefined || !(cause instanceof EngineError) || cause.code !== 'NOISE_TOO_WIDE') throw cause
    const { model, engine } = verifier
    const { pairs, tau, tailScale } = choice
    const measured = summarise(noise, choice)
    const named = { name: model.name, sha256: model.sha256 }
    loose.write({ noProfile: cause.message, model: named, engine, pairs, tau, tailScale, measured })
    throw new EngineError(cause.code, `${cause.message}. The measurement, which is no profile, is in ${loose.path}`, {
      data: cause.data,
      cause,
    })
  }
}

/** The prompts that come later have shorter answers. */
const SPARE = 2

/** Why a profile over so many positions is not entered into models.json, and what would do; undefined where they suffice. */
function shortOf(
  positions: number,
  { profile, prompts, repeat, tailScale }: { profile: Profile; prompts: number; repeat: number; tailScale: number },
): string | undefined {
  const least = leastPositions(tailScale)
  if (positions >= least) return undefined
  const perPrompt = positions / prompts
  const spare = prompts < PROMPTS.length ? SPARE : 1
  const needed = Math.ceil((spare * least) / perPrompt)
  const rounds = Math.ceil((spare * least * repeat) / (perPrompt * PROMPTS.length))
  const all = rounds > 1 ? `all prompts and --repeat ${rounds}` : 'all prompts'
  const fix = needed < PROMPTS.length ? `--prompts ${needed}` : all
  return `${positions} positions bound the honest miss rate by ${profile.missRate}, too loosely to tell a fine quantisation from noise across jobs, so jobs shall not name this profile: it takes ${least} positions: give ${fix}`
}
