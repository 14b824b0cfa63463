import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArguments } from './arguments.ts'
import { runConformance } from './run.ts'

/** Everything that a run with these arguments prints, and whether it exits 0. */
export function conformance(...args: readonly string[]): { readonly well: boolean; readonly printed: string } {
  const lines: string[] = []
  const well = runConformance(parseArguments(args), (line) => lines.push(line))
  return { well, printed: lines.join('\n') }
}

/** As conformance, of one file with this content: bytes, text, or a value to be written as JSON. */
export function judged(kind: string, content: unknown, ...options: readonly string[]): ReturnType<typeof conformance> {
  return withFile(content, (file) => conformance(kind, file, ...options))
}

/** Gives a file with this content to `use`, and removes it afterwards. */
export function withFile<T>(content: unknown, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'camelid-conformance-'))
  const file = join(folder, 'vectors')
  try {
    const raw = content instanceof Uint8Array || typeof content === 'string'
    writeFileSync(file, raw ? content : JSON.stringify(content))
    return use(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The last line of a run. */
export function sums(passed: number, failed: number, skipped: number): RegExp {
  return new RegExp(`^${passed} passed, ${failed} failed, ${skipped} skipped\\n?(?![^])`, 'm')
}
