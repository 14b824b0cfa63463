import { createHash } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Profile, parseProfile } from '@camelid/rastic'
import { EngineError } from '../errors.ts'

interface ProfileEntry {
  file: string
  sha256: string
}

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
      const detail = `${path} is there already: measure it anew with --replace, which keeps the old one for jobs that name it`
      throw new EngineError('PROFILE_EXISTS', detail, { data: { path } })
    }
    try {
      mkdirSync(dirname(path), { recursive: true })
      closeSync(openSync(this.#part, 'w'))
      closeSync(openSync(this.#registryPath, 'r+'))
    } catch (cause) {
      const detail = `${path} cannot be written: let this user write to ${modelsDir}, or name another directory by --models`
      throw new EngineError('PROFILE_NOT_WRITABLE', detail, { data: { path }, cause })
    }
  }

  get path(): string {
    return join(this.#modelsDir, this.#file)
  }

  /**
   * Writes the profile and enters it into models.json, as the one that new jobs name where it takes the place of another; gives
   * its SHA-256, hex. The other one stays, in a file named after its hash: jobs under way are judged by it.
   */
  write(profile: Profile): string {
    const text = `${JSON.stringify(profile, null, 2)}\n`
    parseProfile(text)
    const sha256 = createHash('sha256').update(text).digest('hex')
    writeFileSync(this.#part, text)
    const registry = this.#readRegistry()
    const model = registry.models.find(({ name }) => name === profile.model.name)
    const old = model?.profiles.findIndex(({ file }) => file === this.#file) ?? -1
    const replaced = model?.profiles[old]
    const kept = replaced === undefined || replaced.sha256 === sha256 ? [] : [this.#keep(replaced)]
    renameSync(this.#part, this.path)
    if (model !== undefined) {
      const entry = { file: this.#file, sha256 }
      model.profiles = [
        ...(replaced === undefined ? [...model.profiles, entry] : model.profiles.with(old, entry)),
        ...kept,
      ]
      writeFileSync(this.#registryPath, `${JSON.stringify(registry, null, 2)}\n`)
    }
    return sha256
  }

  /** Leaves nothing half-written. */
  [Symbol.dispose](): void {
    rmSync(this.#part, { force: true })
  }

  #keep({ file, sha256 }: ProfileEntry): ProfileEntry {
    const kept = file.replace(/(\.json)?$/, `.${sha256.slice(0, 8)}.json`)
    copyFileSync(join(this.#modelsDir, file), join(this.#modelsDir, kept))
    return { file: kept, sha256 }
  }

  get #registryPath(): string {
    return join(this.#modelsDir, 'models.json')
  }

  /** loadRegistry has checked its shape. */
  #readRegistry(): { models: { name: string; profiles: ProfileEntry[] }[] } {
    return JSON.parse(readFileSync(this.#registryPath, 'utf8'))
  }
}
