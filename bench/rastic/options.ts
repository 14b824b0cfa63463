import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CHEATS, type Cheat } from './collect/cheats.ts'
import type { Models } from './collect/collect.ts'
import { BenchError } from './errors.ts'
import { FULL, type Plan, SHORT } from './plan.ts'

export interface Options {
  readonly plan: Plan
  readonly models: Models
  readonly isShort: boolean
  /** Where the results are written; undefined for nowhere. */
  readonly out: string | undefined
  /** File that keeps what is measured. */
  readonly samples: string | undefined
  /** File of samples that are there already. */
  readonly from: string | undefined
  /** With `from`, whether costs are measured once more. */
  readonly costs: boolean
}

/**
 * The command line of main.ts.
 *
 * @throws BenchError BAD_OPTION
 */
export function readOptions(args: string[], root: string): Options {
  const values = parse(args, root)
  const base = values.short ? SHORT : FULL
  const given = new Map<Cheat, string>()
  for (const text of values.cheat) {
    const [cheat, file] = readCheat(text)
    if (given.has(cheat)) throw new BenchError('BAD_OPTION', `--cheat ${cheat}=… is given twice: leave one out`)
    given.set(cheat, file)
  }
  if (values.from !== undefined && (given.size > 0 || values.sold !== undefined)) {
    const detail = `--from ${values.from} has its models measured already: leave out --sold and --cheat, or --from`
    throw new BenchError('BAD_OPTION', detail)
  }
  return {
    plan: {
      ...base,
      jobs: atLeastOne('--jobs', values.jobs) ?? base.jobs,
      fineJobs: atLeastOne('--fine', values.fine) ?? base.fineJobs,
      honestJobs: atLeastOne('--honest', values.honest) ?? base.honestJobs,
      maxTokens: atLeastOne('--tokens', values.tokens) ?? base.maxTokens,
    },
    models: {
      registry: values.models,
      sold: values.sold ?? 'camelid-tiny-F16',
      cheats: { given, directories: [values.cheats, values.models] },
    },
    isShort: values.short,
    out: values.out ?? (values.short ? undefined : join(root, 'docs')),
    samples: values.samples,
    from: values.from,
    costs: values.costs,
  }
}

function parse(args: string[], root: string) {
  try {
    return parseArgs({
      args,
      options: {
        short: { type: 'boolean', default: false },
        jobs: { type: 'string' },
        fine: { type: 'string' },
        honest: { type: 'string' },
        tokens: { type: 'string' },
        models: { type: 'string', default: join(root, 'models') },
        sold: { type: 'string' },
        cheats: { type: 'string', default: join(root, '../shared/models') },
        cheat: { type: 'string', multiple: true, default: [] },
        out: { type: 'string' },
        samples: { type: 'string' },
        from: { type: 'string' },
        costs: { type: 'boolean', default: false },
      },
    }).values
  } catch (cause) {
    throw new BenchError('BAD_OPTION', `${(cause as Error).message} (the head of bench/rastic/main.ts lists them)`, {
      cause,
    })
  }
}

function readCheat(text: string): [Cheat, string] {
  const [name, ...rest] = text.split('=')
  const cheat = CHEATS.find((known) => known === name)
  const file = rest.join('=')
  if (cheat === undefined || file === '') {
    throw new BenchError('BAD_OPTION', `--cheat ${text}: give NAME=FILE, NAME one of ${CHEATS.join(', ')}`)
  }
  if (existsSync(file)) return [cheat, file]
  throw new BenchError('BAD_OPTION', `--cheat ${text}: there is no such file: give the path of a GGUF file`)
}

function atLeastOne(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new BenchError('BAD_OPTION', `${option} ${text}: give a whole number from 1 on`)
}
