import assert from 'node:assert/strict'
import { refusalOf } from '@camelid/crypto/testing/refusal'
import { Tally } from '@camelid/crypto/testing/tally'
import { coreRemarks, coreRows } from './core-rows.ts'
import { ALL_FLAGS, excludeEach, flagBits, foreignFlags, parseFlagNames } from './parse-flags.ts'
import { checkAlone, checkScripts, hasWitness, readTransactionRow } from './transaction-rows.ts'

/**
 * tx_valid.json of Bitcoin Core. Its flags are those to leave out, all others being rules; or, in files of before 2021, those
 * that are rules. Where they are to leave out, a row must fail as soon as one of them is a rule. @throws VectorFileError
 */
export function judgeValidTransactions(file: unknown): Tally {
  const tally = new Tally()
  const leftOut = namesFlagsToLeaveOut(file)
  for (const { name, cells } of coreRows(file)) tally.row(name, () => judgeRow(cells, leftOut))
  return tally
}

function judgeRow(cells: readonly unknown[], leftOut: boolean): string | undefined {
  const row = readTransactionRow(cells)
  if (hasWitness(row.bytes)) return 'with a witness'
  const names = parseFlagNames(row.flags)
  // Without one, it takes another rule of witnesses to make this valid; none is one where witnesses as such are left out.
  if (leftOut && foreignFlags(names).length > 0 && !names.includes('WITNESS')) return 'that hold by a rule of witnesses'
  const tx = checkAlone(row)
  checkScripts(tx, row, leftOut ? ALL_FLAGS & ~flagBits(names) : flagBits(names))
  if (!leftOut) return undefined
  for (const fewer of excludeEach(names)) {
    // A rule of witnesses that comes back with another may be what it fails by.
    if (foreignFlags(fewer).length < foreignFlags(names).length) continue
    const refusal = refusalOf(() => checkScripts(tx, row, ALL_FLAGS & ~flagBits(fewer)))
    assert.ok(refusal !== undefined, `valid with only ${fewer.join(',') || 'NONE'} left out, too`)
  }
  return undefined
}

/** The preface says so; without one, old files are known by P2SH, which nearly all their rows ask for and hardly any leaves out. */
function namesFlagsToLeaveOut(file: unknown): boolean {
  const remarks = coreRemarks(file)
  if (remarks.includes('excluded verifyFlags')) return true
  if (remarks.includes('verifyFlags')) return false
  const flags = [...coreRows(file)].map(({ cells }) => cells[2])
  const askP2sh = flags.filter((cell) => typeof cell === 'boolean' || String(cell).split(',').includes('P2SH'))
  return askP2sh.length * 2 < flags.length
}
