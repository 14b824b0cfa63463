import { type MeasuredProfile, measureProfile } from '@camelid/engine'
import { usage } from '../cli-error.ts'
import { printJson, printLine } from '../print.ts'
import { ProgressLine } from '../print-progress.ts'

export interface ProfileOptions {
  readonly models: string
  readonly tau: string
  readonly tailScale: string
  readonly repeat: string
  readonly prompts?: string
  readonly threads: string
  readonly gpu: string
  readonly out?: string
  readonly replace?: true
  readonly json?: true
}

const GPUS = ['off', 'auto', 'cuda', 'vulkan', 'metal'] as const

/**
 * `camelid model profile`. The table is told before what keeps it from being a profile. Errors: USAGE; EngineError UNKNOWN_MODEL,
 * MODEL_NOT_FOUND, GPU_NOT_USABLE, PROFILE_EXISTS, PROFILE_NOT_WRITABLE, NOISE_TOO_WIDE, TOO_FEW_POSITIONS.
 */
export async function profileModel(model: string, options: ProfileOptions): Promise<void> {
  const { models: modelsDir, out, json } = options
  const gpu = GPUS.find((known) => known === options.gpu)
  if (gpu === undefined) throw usage(`--gpu ${options.gpu}: give one of ${GPUS.join(', ')}`)
  if (out !== undefined && options.replace)
    throw usage('--out enters nothing, so nothing is replaced: give one of both')
  using progress = new ProgressLine()
  const aside = (text: string): void => {
    progress.clear()
    process.stderr.write(`${text}\n`)
  }
  // What is printed there is JSON alone.
  const tell = json ? aside : printLine
  let gpuBackend: string | undefined
  const measured = await measureProfile({
    model,
    modelsDir,
    tau: positive('--tau', options.tau),
    tailScale: positive('--tail-scale', options.tailScale),
    repeat: whole('--repeat', options.repeat),
    ...(options.prompts !== undefined && { prompts: whole('--prompts', options.prompts) }),
    threads: whole('--threads', options.threads),
    gpu: gpu === 'off' ? false : gpu,
    ...(out !== undefined && { out }),
    replace: options.replace === true,
    signal: new AbortController().signal,
    tell: {
      gpu(backend) {
        gpuBackend = backend
        tell(describeGpu(gpu, backend))
      },
      progress: (regime, positions) =>
        progress.show({ stage: `${regime}: positions`, done: BigInt(positions), total: 0n }),
      regime: (regime, positions) => aside(`${regime}: ${positions} positions measured`),
      measured({ covered, notCovered }) {
        tell(`${model}, measured:`)
        for (const line of covered) tell(`  ${line}`)
        tell('not covered by a profile:')
        for (const line of notCovered) tell(`  ${line}`)
      },
    },
  })
  const { path, sha256, profile, place, tooFew } = measured
  if (json) {
    printJson({ path, sha256, profile, place, tooFew: tooFew ?? null, gpu: gpuBackend ?? null })
    return
  }
  printLine(
    `near-ties up to ${profile.tau} logit units; honest miss rate at most ${profile.missRate} (confidence ${String(profile.measured.missRateConfidence)})`,
  )
  printLine(`written to ${path}; SHA-256 ${sha256}`)
  for (const line of whomItBinds(measured)) printLine(line)
}

function describeGpu(asked: (typeof GPUS)[number], backend: string | undefined): string {
  if (asked === 'off') return 'GPU: left out (--gpu off)'
  return backend === undefined
    ? 'GPU: none was found here, the CPU alone is measured'
    : `GPU: ${backend} is measured too`
}

function whomItBinds({ place, tooFew }: MeasuredProfile): string[] {
  if (place === 'out') {
    return [`models.json does not name it, and no job does${tooFew === undefined ? '' : `: ${tooFew}`}`]
  }
  return [
    place === 'first'
      ? 'new jobs of clients that use this models directory name it, by that hash, and are judged by it'
      : 'it judges jobs that name it by that hash; new ones name the first profile of the model in models.json, which is another: to use this one put it first',
    'nodes that do not have it refuse them (UNKNOWN_PROFILE): give them the file and its entry in models.json',
  ]
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0 && value <= 10) return value
  throw usage(`${option} ${text}: give a number above 0, up to 10 logit units`)
}

function whole(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw usage(`${option} ${text}: give a whole number from 1 to 9999`)
}
