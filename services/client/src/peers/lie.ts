import { CodedError } from '@camelid/errors'

/**
 * LIE: the answer contradicts our own headers or itself: only a broken or dishonest node says so, and it is dropped.
 * UNPROVEN: it may be true, but of a chain we do not follow (yet): ask for headers and try again.
 */
export type AnswerErrorCode = 'LIE' | 'UNPROVEN'

export class AnswerError extends CodedError<AnswerErrorCode> {}

export function lie(message: string): AnswerError {
  return new AnswerError('LIE', message, { score: 100 })
}

export function unproven(message: string): AnswerError {
  return new AnswerError('UNPROVEN', message)
}
