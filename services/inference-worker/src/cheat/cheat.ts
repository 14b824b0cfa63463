import type { Engine, Generated, GenerateRequest } from '@camelid/rastic'
import { flip } from './flip.ts'
import { otherModel } from './other-model.ts'
import { pad } from './pad.ts'
import { truncate } from './truncate.ts'
import { wrongSeed } from './wrong-seed.ts'

/** Ways in which a worker may cheat on the local network, so that the check can be seen to fail. */
export const CHEATS = ['flip', 'truncate', 'pad', 'other-model', 'wrong-seed'] as const
export type CheatName = (typeof CHEATS)[number]

/** Generates something that is not F's output, in place of `engine.generate`. */
export type Cheat = (engines: CheatEngines, request: GenerateRequest) => Promise<Generated>

export interface CheatEngines {
  /** The model that the job asks for. */
  readonly engine: Engine
  /** A cheaper model with the same tokenizer; there for the cheat that uses it. */
  readonly cheaper: Engine | undefined
}

const CHEAT_BY_NAME: Readonly<Record<CheatName, Cheat>> = {
  flip,
  truncate,
  pad,
  'other-model': otherModel,
  'wrong-seed': wrongSeed,
}

export function cheatBy(name: CheatName): Cheat {
  return CHEAT_BY_NAME[name]
}
