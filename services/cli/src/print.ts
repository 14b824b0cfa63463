/** JSON for programs, one line; bigints as strings. */
export function printJson(value: unknown): void {
  process.stdout.write(
    `${JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? field.toString() : field))}\n`,
  )
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** Names and values, one a line, values aligned. */
export function printFields(fields: readonly (readonly [string, string])[]): void {
  const width = Math.max(0, ...fields.map(([name]) => name.length))
  for (const [name, value] of fields) printLine(`${name.padEnd(width)}  ${clean(value)}`)
}

/** Rows under a heading, columns aligned; says so where there are none. */
export function printTable(heading: readonly string[], rows: readonly (readonly string[])[], none: string): void {
  if (rows.length === 0) {
    printLine(none)
    return
  }
  const all = [heading, ...rows].map((row) => row.map(clean))
  const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  for (const row of all)
    printLine(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

/** What others wrote must not steer the terminal: control characters go, except line feeds and tabs. */
export function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' || character === '\t' ? character : '�'))
}
