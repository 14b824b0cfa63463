import { measureProfile } from '@camelid/engine'
import { usage } from '../cli-error.ts'
import { printJson, printLine } from '../print.ts'

export interface ProfileOptions {
  readonly models: string
  readonly tau: string
  readonly tailScale: string
  readonly repeat: string
  readonly prompts?: string
  readonly threads: string
  readonly gpu: string
  readonly replace?: true
  readonly json?: true
}

const GPUS = ['off', 'auto', 'cuda', 'vulkan', 'metal'] as const

/** `camelid model profile`. Errors: USAGE; EngineError UNKNOWN_MODEL, MODEL_NOT_FOUND, GPU_NOT_USABLE, PROFILE_EXISTS, PROFILE_NOT_WRITABLE, NOISE_TOO_WIDE. */
export async function profileModel(model: string, options: ProfileOptions): Promise<void> {
  const { models: modelsDir, json } = options
  const gpu = GPUS.find((known) => known === options.gpu)
  if (gpu === undefined) throw usage(`--gpu ${options.gpu}: give one of ${GPUS.join(', ')}`)
  let shown = ''
  const measured = await measureProfile({
    model,
    modelsDir,
    tau: positive('--tau', options.tau),
    tailScale: positive('--tail-scale', options.tailScale),
    repeat: whole('--repeat', options.repeat),
    ...(options.prompts !== undefined && { prompts: whole('--prompts', options.prompts) }),
    threads: whole('--threads', options.threads),
    gpu: gpu === 'off' ? false : gpu,
    replace: options.replace === true,
    signal: new AbortController().signal,
    onProgress(regime, positions) {
      if (!process.stderr.isTTY) return
      process.stderr.write(`${regime === shown ? '\r' : '\n'}${regime}: ${positions} positions`)
      shown = regime
    },
  })
  if (shown !== '') process.stderr.write('\n')
  const { path, sha256, profile } = measured
  if (json) {
    printJson({ path, sha256, profile })
    return
  }
  const { regimes, notCovered, missRateConfidence } = profile.measured
  printLine(`${profile.model.name} on ${profile.engine}`)
  for (const line of linesOf(regimes)) printLine(`  ${line}`)
  printLine('not covered by the profile:')
  for (const line of linesOf(notCovered)) printLine(`  ${line}`)
  printLine(
    `near-ties up to ${profile.tau} logit units; honest miss rate at most ${profile.missRate} (confidence ${String(missRateConfidence)})`,
  )
  printLine(`written to ${path}, which jobs name as ${sha256}`)
}

function linesOf(value: string | number | string[] | undefined): readonly string[] {
  return Array.isArray(value) ? value : []
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
