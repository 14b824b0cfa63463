import { VectorFileError } from '@camelid/crypto/testing/vector-file-error'
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

/** Every rule of Bitcoin's that this machine has: OP_CHECKVERDICT is NOP4 to others' vectors. */
export const ALL_FLAGS = Object.values(ScriptFlag).reduce((all, flag) => all | flag, 0) & ~ScriptFlag.CHECKVERDICT

/** The names in a vector's cell; the oldest files say by true or false whether P2SH is a rule. @throws VectorFileError on a name nobody knows */
export function parseFlagNames(cell: unknown): readonly string[] {
  if (typeof cell === 'boolean') return cell ? ['P2SH'] : []
  const names = String(cell)
    .split(',')
    .filter((name) => name !== '' && name !== 'NONE')
  const unknown = names.find((name) => !FOREIGN.has(name) && !BITS.has(name))
  if (unknown !== undefined) throw new VectorFileError('BAD_FILE', `the script flag ${unknown} is not known`)
  return names
}

/** Bits of the named flags that are rules here. */
export function flagBits(names: readonly string[]): number {
  return names.reduce((bits, name) => bits | (BITS.get(name) ?? 0), 0)
}

/** Those of the named flags that are no rules here. */
export function foreignFlags(names: readonly string[]): readonly string[] {
  return names.filter((name) => FOREIGN.has(name))
}

/** The sets that lack one of the flags each. As Bitcoin Core has it, what needs a flag that is gone goes with it. */
export function excludeEach(names: readonly string[]): readonly (readonly string[])[] {
  return names.map((excluded) => {
    const left = new Set(names)
    left.delete(excluded)
    if (!left.has('P2SH')) left.delete('WITNESS')
    if (!left.has('WITNESS')) left.delete('CLEANSTACK')
    return [...left]
  })
}
