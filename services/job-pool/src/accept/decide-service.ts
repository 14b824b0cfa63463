import type { Job } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { findProfile, type Registry } from '@camelid/engine'
import { type Profile, profileCovers } from '@camelid/rastic'
import type { AliveModel } from '../work/worker-table.ts'

/** Whether this node takes a job, and if not, why: the code and what a person can do about it. */
export type ServiceDecision =
  | { readonly serve: true }
  | { readonly serve: false; readonly code: string; readonly detail: string }

export type ServiceFacts = {
  readonly job: Job
  readonly registry: Registry
  readonly workers: readonly AliveModel[]
  readonly verifiers: readonly AliveModel[]
  readonly selfCheck: boolean
  /** Base units. */
  readonly minReward: bigint
  /** Milliseconds until the commitment must be sent, and what it will take. */
  readonly remainingMs: number
  readonly estimateMs: number
}

/** Everything but the bond slot, which is taken in the transaction that accepts. */
export function decideService(facts: ServiceFacts): ServiceDecision {
  const { job, registry } = facts
  const refuse = (code: string, detail: string): ServiceDecision => ({ serve: false, code, detail })
  const sha256 = bytesToHex(job.modelSha256)
  const model = registry.models.find((candidate) => candidate.sha256 === sha256)
  if (model === undefined) return refuse('UNKNOWN_MODEL', `this node does not know model ${job.modelName} (${sha256})`)
  const profile = findProfile(registry, sha256, bytesToHex(job.profileSha256))
  if (profile === undefined) {
    return refuse('UNKNOWN_PROFILE', 'the noise profile is not one that this node ships: take it from models.json')
  }
  if (job.reward < facts.minReward) {
    return refuse(
      'REWARD_TOO_LOW',
      `a reward of ${job.reward} is under this node's least, ${facts.minReward} base units`,
    )
  }
  // What the text is in tokens only a worker knows, who looks before it computes.
  const given = Math.max(1, job.prefix.length)
  if (given + job.maxTokens > model.contextSize) {
    const detail = `${job.maxTokens} tokens after at least ${given} do not fit the model's context of ${model.contextSize}`
    return refuse('CONTEXT_TOO_SMALL', detail)
  }
  const workers = facts.workers.filter((worker) => worker.sha256 === sha256)
  if (workers.length === 0) return refuse('NO_WORKER', `no worker for ${model.name} is alive at this node`)
  const verifiers = facts.verifiers.filter((verifier) => verifier.sha256 === sha256)
  if (facts.selfCheck && verifiers.length === 0) {
    return refuse('NO_VERIFIER', `no verifier for ${model.name} is alive at this node`)
  }
  if (!workers.some((worker) => coversGenerator(profile, sha256, worker))) {
    return refuse('PROFILE_NOT_FOR_US', 'the noise profile does not speak of the engine and backend of this node')
  }
  if (facts.remainingMs < facts.estimateMs) {
    const { remainingMs, estimateMs } = facts
    const detail = `${Math.max(0, Math.round(remainingMs))} ms are left, ${job.maxTokens} tokens take about ${Math.round(estimateMs)}`
    return refuse('TOO_LITTLE_TIME', `${detail}: ask for fewer tokens, or give a later timelock`)
  }
  return { serve: true }
}

/** Whether a profile names this generator, with any verifier (protocol §7: others are INCONCLUSIVE). */
export function coversGenerator(
  profile: Profile,
  modelSha256: string,
  generator: { readonly engine: string; readonly backend: string },
): boolean {
  return profile.pairs.some((pair) =>
    profileCovers(profile, {
      modelSha256,
      engine: generator.engine,
      generator: generator.backend,
      verifier: pair.verifier,
    }),
  )
}
