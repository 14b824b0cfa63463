import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { EngineError } from '../errors.ts'

/** A file outside of models.json for what was measured; made sure of before the long measurement. */
export class LooseFile {
  readonly path: string

  /** @throws EngineError PROFILE_EXISTS, PROFILE_NOT_WRITABLE */
  constructor(path: string) {
    this.path = path
    if (existsSync(path)) {
      throw new EngineError('PROFILE_EXISTS', `${path} is there already: name a new file by --out`, { data: { path } })
    }
    try {
      closeSync(openSync(path, 'wx'))
      rmSync(path)
    } catch (cause) {
      const detail = `${path} cannot be written: name a file by --out in a directory that is there, which this user may write to`
      throw new EngineError('PROFILE_NOT_WRITABLE', detail, { data: { path }, cause })
    }
  }

  /** Gives the file's SHA-256, hex. @throws EngineError PROFILE_NOT_WRITABLE where the path was taken or lost since */
  write(value: object): string {
    const text = `${JSON.stringify(value, null, 2)}\n`
    try {
      writeFileSync(this.path, text, { flag: 'wx' })
    } catch (cause) {
      const detail = `${this.path} could be written before the measurement, and no more: measure again with another --out`
      throw new EngineError('PROFILE_NOT_WRITABLE', detail, { data: { path: this.path }, cause })
    }
    return createHash('sha256').update(text).digest('hex')
  }
}
