import { ScriptFlag } from '../script/flags.ts'

/** Rules of segregated witness and taproot, which this chain has no room for: rows that turn on them are not ours. */
const FOREIGN = new Set([
  'WITNESS',
  'MINIMALIF',
  'WITNESS_PUBKEYTYPE',
  'DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM',
  'TAPROOT',
  'DISCOURAGE_UPGRADABLE_TAPROOT_VERSION',
  'DISCOURAGE_OP_SUCCESS',
  'DISCOURAGE_UPGRADABLE_PUBKEYTYPE',
])

const BITS: ReadonlyMap<string, number> = new Map(Object.entries(ScriptFlag))

/** Bits of the flags that a vector names, and those of its names that are no rules here. Throws on a name nobody knows. */
export function parseFlags(text: string): { flags: number; foreign: readonly string[] } {
  const names = text.split(',').filter((name) => name !== '' && name !== 'NONE')
  const foreign = names.filter((name) => FOREIGN.has(name))
  let flags = 0
  for (const name of names.filter((candidate) => !FOREIGN.has(candidate))) {
    const bit = BITS.get(name)
    if (bit === undefined) throw new Error(`unknown script flag in a vector: ${name}`)
    flags |= bit
  }
  return { flags, foreign }
}
