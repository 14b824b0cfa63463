export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

export function count(tokens: number | undefined): string {
  return tokens === undefined || !Number.isFinite(tokens) ? '–' : `${tokens}`
}
