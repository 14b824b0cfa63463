import { existsSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConformanceError } from './conformance-error.ts'

/** Vector files are a few megabytes at most: more is some other file. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * The file's bytes; undefined where there is none of this name. npm runs commands from the repository's root: a name that leads
 * nowhere from there is read from the folder it was typed in. @throws ConformanceError UNREADABLE, TOO_LARGE
 */
export function readVectorFile(name: string): Uint8Array | undefined {
  const path = [process.cwd(), process.env.INIT_CWD ?? ''].map((folder) => resolve(folder, name)).find(existsSync)
  if (path === undefined) return undefined
  try {
    const { size } = statSync(path)
    if (size > MAX_BYTES) {
      throw new ConformanceError('TOO_LARGE', `It has ${size} bytes, more than any vector file (at most ${MAX_BYTES}).`)
    }
    return new Uint8Array(readFileSync(path))
  } catch (cause) {
    if (cause instanceof ConformanceError) throw cause
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new ConformanceError('UNREADABLE', `It cannot be read (${what}): name a file that can.`, { cause })
  }
}
