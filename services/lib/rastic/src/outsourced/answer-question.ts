import type { Job } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { Engine } from '../engine.ts'
import { RasticError } from '../errors.ts'
import type { Profile } from '../profile.ts'
import { ruleOf } from '../rule.ts'
import { nearChoices } from './near-choices.ts'
import type { EndOfOutput, Finding, Question } from './question.ts'

/**
 * What a neighbour computes for somebody without the model (rastic: Outsourced check). `tokenIds` are the output tokens that the
 * question shows, `question.index` of them.
 *
 * @throws RasticError WRONG_MODEL, UNKNOWN_PROFILE, BAD_QUESTION; errors of the engine, such as PROMPT_TOO_LONG
 */
export async function answerQuestion(args: {
  readonly engine: Engine
  readonly job: Job
  readonly jobId: Uint8Array
  readonly profile: Profile | undefined
  readonly kind: Question['kind']
  readonly tokenIds: readonly number[]
  readonly signal: AbortSignal
}): Promise<Finding> {
  const { engine, job, jobId, profile, kind, tokenIds, signal } = args
  const { model } = engine
  if (model.sha256 !== bytesToHex(job.modelSha256))
    throw new RasticError('WRONG_MODEL', `the job is for ${job.modelName}, this verifier holds ${model.name}`)
  if (profile === undefined)
    throw new RasticError('UNKNOWN_PROFILE', 'the noise profile that the job names is not known here')
  const foreign = tokenIds.find((id) => !Number.isInteger(id) || id < 0 || id >= model.vocabularySize)
  if (foreign !== undefined) throw new RasticError('BAD_QUESTION', `the model has no token ${foreign}`)
  if (tokenIds.length > job.maxTokens - (kind === 'token' ? 1 : 0))
    throw new RasticError('BAD_QUESTION', `the job ends after ${job.maxTokens} tokens, ${tokenIds.length} are shown`)
  if (kind === 'text') {
    return { kind, text: engine.detokenize(job.prefix, tokenIds), end: endOf(engine, tokenIds) }
  }
  const tokens = [...engine.tokenize(job.input, job.prefix), ...tokenIds]
  const choices = await nearChoices({ engine, rule: ruleOf(job, jobId), tokens, tau: profile.tau, signal })
  return { kind, choices }
}

function endOf({ model }: Pick<Engine, 'model'>, tokenIds: readonly number[]): EndOfOutput {
  const first = tokenIds.findIndex((id) => model.endOfGeneration(id))
  if (first < 0) return 'none'
  return first === tokenIds.length - 1 ? 'last' : 'earlier'
}
