import { createHash } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Profile, parseProfile } from '@camelid/rastic'
import { EngineError } from '../errors.ts'

/** Where a profile goes in a models directory; made sure of before the long measurement. */
export class ProfileFile implements Disposable {
  readonly #modelsDir: string
  readonly #file: string
  readonly #part: string

  /**
   * @param file as models.json names it
   * @throws EngineError PROFILE_EXISTS, PROFILE_NOT_WRITABLE
   */
  constructor(modelsDir: string, file: string, { replace }: { replace: boolean }) {
    this.#modelsDir = modelsDir
    this.#file = file
    const path = join(modelsDir, file)
    this.#part = `${path}.part`
    if (existsSync(path) && !replace) {
      const detail = `${path} is there already: jobs name it by its hash, so keep it, or measure it anew with --replace`
      throw new EngineError('PROFILE_EXISTS', detail, { data: { path } })
    }
    try {
      mkdirSync(dirname(path), { recursive: true })
      closeSync(openSync(this.#part, 'w'))
      closeSync(openSync(join(modelsDir, 'models.json'), 'r+'))
    } catch (cause) {
      const detail = `${path} cannot be written: let this user write to ${modelsDir}, or name another directory by --models`
      throw new EngineError('PROFILE_NOT_WRITABLE', detail, { data: { path }, cause })
    }
  }

  get path(): string {
    return join(this.#modelsDir, this.#file)
  }

  /** Writes the profile and enters it into models.json; gives its SHA-256, hex. */
  write(profile: Profile): string {
    const text = `${JSON.stringify(profile, null, 2)}\n`
    parseProfile(text)
    writeFileSync(this.#part, text)
    renameSync(this.#part, this.path)
    const sha256 = createHash('sha256').update(text).digest('hex')
    this.#register(profile.model.name, sha256)
    return sha256
  }

  /** Leaves nothing half-written. */
  [Symbol.dispose](): void {
    rmSync(this.#part, { force: true })
  }

  #register(name: string, sha256: string): void {
    const path = join(this.#modelsDir, 'models.json')
    // loadRegistry has checked the file's shape.
    const registry = JSON.parse(readFileSync(path, 'utf8')) as {
      models: { name: string; profiles: { file: string; sha256: string }[] }[]
    }
    const entry = registry.models.find((candidate) => candidate.name === name)
    if (entry === undefined) return
    entry.profiles = [...entry.profiles.filter(({ file }) => file !== this.#file), { file: this.#file, sha256 }]
    writeFileSync(path, `${JSON.stringify(registry, null, 2)}\n`)
  }
}
