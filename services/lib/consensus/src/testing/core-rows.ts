import { asArray } from '@camelid/crypto/testing/json'

/** A row of one of Bitcoin Core's lists. */
export interface CoreRow {
  /** Its place in the file, and what the remark before it says. */
  readonly name: string
  readonly cells: readonly unknown[]
}

const SHOWN_CHARACTERS = 80

/** The rows of such a list; those of one cell are remarks, or a heading, and no rows. @throws VectorFileError */
export function* coreRows(file: unknown): Generator<CoreRow> {
  let remark = ''
  for (const [i, row] of asArray(file).entries()) {
    const cells = asArray(row)
    if (cells.length === 1) remark = ` (${String(cells[0]).slice(0, SHOWN_CHARACTERS)})`
    else yield { name: `row ${i + 1}${remark}`, cells }
  }
}

/** The remarks of such a list, one a line. @throws VectorFileError */
export function coreRemarks(file: unknown): string {
  const rows = asArray(file).map(asArray)
  return rows.flatMap((cells) => (cells.length === 1 ? [String(cells[0])] : [])).join('\n')
}
