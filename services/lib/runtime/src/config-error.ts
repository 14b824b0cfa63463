import { CodedError } from '@camelid/errors'

/** Every mistake found in the configuration at once, one line each, naming the variable and how to mend it. */
export class ConfigError extends CodedError<'BAD_CONFIG'> {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('BAD_CONFIG', problems.join('\n'), { data: { problems: problems.length } })
    this.problems = problems
  }
}
