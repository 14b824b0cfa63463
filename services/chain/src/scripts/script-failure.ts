import { ScriptError, type ScriptErrorCode } from '@camelid/consensus'
import type { ErrorData } from '@camelid/errors'

/** A ScriptError as it passes from a thread: errors lose their class on the way. */
export interface ScriptFailure {
  /** Which range of the chunk. */
  readonly range: number
  readonly code: ScriptErrorCode
  readonly message: string
  readonly data: ErrorData
  readonly blameless: boolean
}

export function toFailure(range: number, error: ScriptError): ScriptFailure {
  const { code, message, data, score } = error
  return { range, code, message, data, blameless: score === 0 }
}

export function fromFailure({ code, message, data, blameless }: ScriptFailure): ScriptError {
  return new ScriptError(code, message, data, { policy: blameless })
}
