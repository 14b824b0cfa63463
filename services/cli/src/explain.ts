import { isCoded } from '@camelid/errors'

/** One or two lines for the person at the terminal; stacks only where CAMELID_DEBUG is set. */
export function explain(error: unknown): { lines: string[]; isUsage: boolean } {
  const lines = [isCoded(error) ? `camelid: ${error.message} [${error.code}]` : `camelid: ${message(error)}`]
  if (process.env.CAMELID_DEBUG && error instanceof Error && error.stack !== undefined) lines.push(error.stack)
  return { lines, isUsage: isCoded(error) && error.code === 'USAGE' }
}

function message(error: unknown): string {
  return error instanceof Error ? `${error.message} (CAMELID_DEBUG=1 shows where)` : String(error)
}
