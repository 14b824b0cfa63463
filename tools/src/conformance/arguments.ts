import { parseArgs } from 'node:util'
import type { Verify } from '@camelid/crypto/testing/wycheproof'
import { backendVerify } from './backend.ts'
import { ConformanceError } from './conformance-error.ts'
import { KINDS, type Kind } from './kinds.ts'

export interface ConformanceRun {
  readonly kind: Kind
  readonly files: readonly string[]
  /** The library to judge; undefined for the one in use. */
  readonly verify?: Verify
}

/** @throws ConformanceError for arguments that name no run, with the fix */
export function parseArguments(args: readonly string[]): ConformanceRun {
  const { positionals, backend } = split(args)
  const [name, ...files] = positionals
  const kind = KINDS.get(name ?? '')
  if (kind === undefined) {
    const what = name === undefined ? 'No kind of file is named' : `"${name}" is no kind of file`
    throw new ConformanceError('UNKNOWN_KIND', `${what}: name one of ${[...KINDS.keys()].join(', ')}.`)
  }
  if (files.length === 0) {
    throw new ConformanceError('NO_FILE_NAMED', `No file is named: put at least one after "${name}".`)
  }
  if (backend === undefined) return { kind, files }
  if (kind.takesBackend !== true) {
    throw new ConformanceError('BACKEND_NOT_WANTED', `--backend is for wycheproof: leave it out for "${name}".`)
  }
  return { kind, files, verify: backendVerify(backend) }
}

function split(args: readonly string[]): { positionals: string[]; backend: string | undefined } {
  try {
    const options = { backend: { type: 'string' } } as const
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true })
    return { positionals, backend: values.backend }
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new ConformanceError('UNKNOWN_OPTION', what, { cause })
  }
}
