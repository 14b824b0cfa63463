import { CodedError } from '@camelid/errors'

/**
 * - BAD_PROFILE: a noise profile that is no JSON, or whose numbers cannot be used.
 * - BAD_LOGITS: the engine answered with a logit that is not finite, or left out a token that was asked for.
 * - BAD_POSITION: a position outside the output was to be checked.
 * - BAD_PARAMETER: a rate, price or count with which no probability can be computed.
 * - BAD_STANDING: a kept standing that is no JSON, or whose numbers contradict each other.
 * - WRONG_MODEL: a question about a job for another model than this engine's.
 * - UNKNOWN_PROFILE: a question about a job whose noise profile is not known here.
 * - BAD_QUESTION: a question that shows tokens which no output of the job can have.
 */
export type RasticErrorCode =
  | 'BAD_PROFILE'
  | 'BAD_LOGITS'
  | 'BAD_POSITION'
  | 'BAD_PARAMETER'
  | 'BAD_STANDING'
  | 'WRONG_MODEL'
  | 'UNKNOWN_PROFILE'
  | 'BAD_QUESTION'

export class RasticError extends CodedError<RasticErrorCode> {}
