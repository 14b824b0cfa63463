import { join } from 'node:path'
import { findModel, loadRegistry } from '@camelid/engine'
import { scratch } from '../first-light/scratch.ts'
import type { Shape } from '../models-random/shape.ts'
import { writeRandomModel } from '../models-random/write-random-model.ts'

export interface BenchModel {
  readonly name: string
  /** GGUF file. */
  readonly file: string
  /** Tokens. */
  readonly contextSize: number
}

const SHAPE = { heads: 8, kvHeads: 4, context: 1_024, seed: 1 }

/** Half the vocabulary of large models, on a small model: what goes with the vocabulary shows. */
export const WIDE: Shape = { ...SHAPE, vocabulary: 32_000, width: 256, layers: 4, hidden: 768 }
/** Some milliseconds a token. */
export const MIDDLE: Shape = { ...SHAPE, vocabulary: 8_000, width: 512, layers: 8, hidden: 1_536 }
/** At least 20 ms a token on one thread. */
export const SLOW: Shape = { ...SHAPE, vocabulary: 32_000, width: 1_024, layers: 16, hidden: 2_816 }

export function shippedModel(): BenchModel {
  return findModel(loadRegistry(join(import.meta.dirname, '../../models')), 'camelid-tiny-F16')
}

/** Writes models as they are asked for; they go with `stack`. */
export function randomModels(stack: AsyncDisposableStack): (shape: Shape) => BenchModel {
  const dir = stack.use(scratch()).path
  const made = new Map<Shape, BenchModel>()
  return (shape) => {
    const known = made.get(shape)
    if (known !== undefined) return known
    const file = join(dir, `random-${made.size}.gguf`)
    writeRandomModel(file, shape)
    const name = `random ${shape.layers} × ${shape.width}, vocabulary ${shape.vocabulary}`
    const model = { name, file, contextSize: shape.context }
    made.set(shape, model)
    return model
  }
}
