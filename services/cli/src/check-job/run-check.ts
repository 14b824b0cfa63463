import { bytesToHex } from '@camelid/crypto'
import { findProfile, loadRegistry, openEngine } from '@camelid/engine'
import { type CheckReport, checkEscalating, type Profile } from '@camelid/rastic'
import { CliError } from '../cli-error.ts'
import { clean } from '../print.ts'
import { type ExplainedCheck, explainCheck } from './explain-check.ts'
import type { OpenedJob } from './opened-job-file.ts'

const quiet = { debug: () => {}, warn: () => {} }

export interface CheckOutcome {
  readonly report: CheckReport
  readonly profile: Profile | undefined
  readonly explained: ExplainedCheck
}

/**
 * Checks all positions with the model that the job names, out of a models directory, and where that leaves the matter open
 * replays them token by token. Errors: NOT_FOUND; EngineError; RasticError.
 */
export async function runCheck(
  opened: OpenedJob,
  { modelsDir, threads, all }: { modelsDir: string; threads: number; all: boolean },
): Promise<CheckOutcome> {
  const { job, commitment, opening } = opened
  const registry = loadRegistry(modelsDir)
  const sha256 = bytesToHex(job.modelSha256)
  const model = registry.models.find((candidate) => candidate.sha256 === sha256)
  if (model === undefined) {
    const named = clean(job.modelName)
    throw new CliError(
      'NOT_FOUND',
      `${modelsDir}/models.json has no model with SHA-256 ${sha256}, which the job calls ${JSON.stringify(named)}: name another directory by --models DIR`,
    )
  }
  const profile = findProfile(registry, sha256, bytesToHex(job.profileSha256))
  const engine = await openEngine({ modelPath: model.file, expected: model, sequences: 1, threads, log: quiet })
  try {
    const report = await checkEscalating({
      engine,
      job,
      jobId: opened.jobId,
      tokenIds: opening.tokenIds,
      text: opening.text,
      profile,
      generator: { engine: commitment.engine, backend: commitment.backend },
      signal: new AbortController().signal,
    })
    return { report, profile, explained: explainCheck({ engine, opened, report, profile, all }) }
  } finally {
    await engine.dispose()
  }
}
