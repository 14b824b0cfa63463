/** What a program may want to know about a failure, beside its code. */
export type ErrorData = Readonly<Record<string, string | number | bigint | boolean>>

/**
 * A failure that callers tell apart by `code`, never by its message.
 * The message is for people: it names what is wrong and how to mend it.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code
  readonly data: ErrorData
  /** Misbehaviour that a peer is charged when its input failed in this way: 0 (blameless) to 100 (ban). */
  readonly score: number

  constructor(code: Code, message: string, options: { data?: ErrorData; score?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.data = options.data ?? {}
    this.score = options.score ?? 0
  }
}

export function isCoded(error: unknown): error is CodedError {
  return error instanceof CodedError
}
