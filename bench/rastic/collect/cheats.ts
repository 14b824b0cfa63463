import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RegisteredModel } from '@camelid/engine'
import type { Engine } from '@camelid/rastic'
import { BenchError } from '../errors.ts'

/** What a cheat would rather run than the model that is sold. */
export const CHEATS = ['sibling', 'Q4_0', 'Q8_0'] as const
export type Cheat = (typeof CHEATS)[number]

export interface CheatFiles {
  /** By what they are to the sold model. */
  readonly given: ReadonlyMap<Cheat, string>
  /** Directories that the others are looked for in. */
  readonly directories: readonly string[]
}

export interface OpenedCheats {
  readonly engines: ReadonlyMap<Cheat, Engine>
  /** Why the others are not there. */
  readonly missing: ReadonlyMap<Cheat, string>
}

const PRECISION = /-(F32|BF16|F16|Q\d\w*)$/

/** Such as F16; the whole name where it does not say. */
export function precisionOf(model: string): string {
  return PRECISION.exec(model)?.[1] ?? model
}

/** @throws BenchError BAD_CHEAT where a file that was given is no such cheat; EngineError */
export async function openCheats(
  { given, directories }: CheatFiles,
  sold: RegisteredModel,
  { model, open }: Pick<Engine, 'model'> & { readonly open: (modelPath: string) => Promise<Engine> },
): Promise<OpenedCheats> {
  const engines = new Map<Cheat, Engine>()
  const missing = new Map<Cheat, string>()
  for (const cheat of CHEATS) {
    const name = `${defaultName(cheat, sold.name)}.gguf`
    const file = given.get(cheat) ?? directories.map((directory) => join(directory, name)).find(existsSync)
    if (file === undefined) {
      missing.set(
        cheat,
        `there is no ${name}: models/README.md tells how to get it, or --cheat ${cheat}=FILE gives one`,
      )
      continue
    }
    const engine = await open(file)
    const reason = unfitness(engine, model)
    if (reason === undefined) engines.set(cheat, engine)
    else if (given.has(cheat)) throw new BenchError('BAD_CHEAT', `--cheat ${cheat}=${file}: ${reason}`)
    else missing.set(cheat, `${name}: ${reason}`)
  }
  return { engines, missing }
}

function defaultName(cheat: Cheat, sold: string): string {
  return cheat === 'sibling' ? 'camelid-mini-F16' : `${sold.replace(PRECISION, '')}-${cheat}`
}

function unfitness({ model }: Pick<Engine, 'model'>, sold: Engine['model']): string | undefined {
  if (model.sha256 === sold.sha256) return 'it is the model that is sold: take another file'
  if (model.vocabularySize === sold.vocabularySize) return undefined
  return `it has ${model.vocabularySize} tokens and the model that is sold ${sold.vocabularySize}: take one with the same tokenizer`
}
