import { loadLlama } from '../../services/lib/engine/src/llama/load-llama.ts'
import { NativeContext } from '../../services/lib/engine/src/llama/native-context.ts'
import { NativeModel } from '../../services/lib/engine/src/llama/native-model.ts'
import type { BareSettings } from './bare-loop.ts'

const BATCH_TOKENS = 512
const SEQUENCE = 0

/** llama.cpp with the engine's settings and nothing around it: tokens go in, and nobody looks at the logits that come. */
export class BareContext {
  readonly #context: NativeContext

  private constructor(context: NativeContext) {
    this.#context = context
  }

  /** Closed with `stack`. */
  static async open(stack: AsyncDisposableStack, { modelPath, sequences, contextSize }: BareSettings) {
    const model = stack.use(await NativeModel.load(await loadLlama(false), modelPath))
    const shape = { contextSize, sequences, batchTokens: BATCH_TOKENS, threads: 1 }
    const context = await NativeContext.create(model, { ...shape, flashAttention: false, cacheType: 'F16' })
    return new BareContext(stack.use(context))
  }

  /** Milliseconds of reading tokens in one go, with logits where asked. */
  async prefillMs(tokens: readonly number[], outputs: readonly boolean[]): Promise<number> {
    this.#context.cut(SEQUENCE, 0)
    const started = performance.now()
    await this.#read(tokens, outputs, 0)
    return performance.now() - started
  }

  /** Milliseconds of reading tokens one by one after others, with the logits of each. */
  async readEachMs(before: readonly number[], tokens: readonly number[]): Promise<number> {
    await this.prefillMs(before, [])
    const started = performance.now()
    for (const [index, token] of tokens.entries()) await this.#read([token], [true], before.length + index)
    return performance.now() - started
  }

  async #read(tokens: readonly number[], outputs: readonly boolean[], position: number): Promise<void> {
    for (let from = 0; from < tokens.length; from += BATCH_TOKENS) {
      for (const [index, token] of tokens.slice(from, from + BATCH_TOKENS).entries())
        this.#context.add(SEQUENCE, position + from + index, token, outputs[from + index] === true)
      await this.#context.decode()
    }
  }
}
