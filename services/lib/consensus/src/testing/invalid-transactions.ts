import assert from 'node:assert/strict'
import { refusalOf } from '@camelid/crypto/testing/refusal'
import { Tally } from '@camelid/crypto/testing/tally'
import { coreRows } from './core-rows.ts'
import { excludeEach, flagBits, foreignFlags, parseFlagNames } from './parse-flags.ts'
import { checkAlone, checkScripts, hasWitness, readTransactionRow, type TransactionRow } from './transaction-rows.ts'

/** In place of flags: the transaction is invalid by itself. */
const BAD_BY_ITSELF = 'BADTX'

/**
 * tx_invalid.json of Bitcoin Core, whose flags are rules. Files since 2021 mark as BADTX what is invalid by itself: in these, the
 * other rows fail by their scripts, and hold as soon as one of their flags is no rule. @throws VectorFileError
 */
export function judgeInvalidTransactions(file: unknown): Tally {
  const tally = new Tally()
  const exact = [...coreRows(file)].some(({ cells }) => cells[2] === BAD_BY_ITSELF)
  for (const { name, cells } of coreRows(file)) tally.row(name, () => judgeRow(cells, exact))
  return tally
}

function judgeRow(cells: readonly unknown[], exact: boolean): string | undefined {
  const row = readTransactionRow(cells)
  if (hasWitness(row.bytes)) return 'with a witness'
  const badByItself = row.flags === BAD_BY_ITSELF
  const names = badByItself ? [] : parseFlagNames(row.flags)
  if (foreignFlags(names).length > 0) return 'that fail by a rule of witnesses'

  const refusal = refusalOf(() => checkAlone(row))
  if (exact)
    assert.equal(refusal !== undefined, badByItself, `${refusal ?? 'nothing'} by itself, marked ${String(row.flags)}`)
  if (refusal !== undefined) return undefined

  assert.ok(refusedByScripts(row, names), `valid under ${String(row.flags)}`)
  for (const fewer of exact ? excludeEach(names) : []) {
    assert.ok(!refusedByScripts(row, fewer), `invalid under only ${fewer.join(',') || 'NONE'}, too`)
  }
  return undefined
}

function refusedByScripts(row: TransactionRow, names: readonly string[]): boolean {
  const tx = checkAlone(row)
  return refusalOf(() => checkScripts(tx, row, flagBits(names))) !== undefined
}
