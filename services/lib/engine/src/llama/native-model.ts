import { promisify } from 'node:util'
import { EngineError } from '../errors.ts'
import { dryRun } from './dry-run.ts'
import type { Address } from './functions.ts'
import type { Llama } from './load-llama.ts'
import { longestTextOf } from './longest-text.ts'
import { modelParams } from './params.ts'
import type { ModelParams } from './structs.ts'

/** No token: llama.h's LLAMA_TOKEN_NULL. */
const NONE = -1
/** llama_vocab_type. */
const NO_VOCABULARY = 0
const BYTE_PAIRS = 2
const LONGEST_NAME = 64

/** A model that llama.cpp holds. */
export class NativeModel {
  readonly llama: Llama
  readonly path: string
  readonly address: Address
  readonly #vocab: Address

  private constructor(llama: Llama, path: string, address: Address) {
    this.llama = llama
    this.path = path
    this.address = address
    this.#vocab = llama.functions.llama_model_get_vocab(address)
  }

  /** @throws EngineError MODEL_BROKEN, MODEL_TOO_LARGE */
  static async load(llama: Llama, path: string): Promise<NativeModel> {
    const load = promisify<string, ModelParams, Address>(llama.functions.llama_model_load_from_file.async)
    return await llama.inTurn(async () => {
      const address = await load(path, modelParams(llama, false))
      if (address !== 0) return new NativeModel(llama, path, address)
      const { isRight, said } = dryRun(llama, path)
      if (isRight) throw new EngineError('MODEL_TOO_LARGE', `${path} does not fit the memory that is free`)
      const detail = `llama.cpp cannot load ${path}: fetch the file again`
      throw new EngineError('MODEL_BROKEN', detail, { data: { path, said } })
    })
  }

  /** Whether the model continues text, token by token: llama.cpp ends the process where another kind is asked to. */
  get writesText(): boolean {
    const { llama_vocab_type, llama_model_has_encoder } = this.llama.functions
    return llama_vocab_type(this.#vocab) !== NO_VOCABULARY && !llama_model_has_encoder(this.address)
  }

  get vocabularySize(): number {
    return this.llama.functions.llama_vocab_n_tokens(this.#vocab)
  }

  /** Tokens. */
  get trainContextSize(): number {
    return this.llama.functions.llama_model_n_ctx_train(this.address)
  }

  get weightBytes(): number {
    return this.llama.functions.llama_model_size(this.address)
  }

  /** Attends to so many tokens back only, in some layers; 0 where it attends to all. */
  get slidingWindow(): number {
    return this.llama.functions.llama_model_n_swa(this.address)
  }

  /** Whether older tokens are folded into a state, in some layers at least, which takes tokens of a batch in groups of its own. */
  get keepsState(): boolean {
    const { llama_model_is_recurrent, llama_model_is_hybrid } = this.llama.functions
    return llama_model_is_recurrent(this.address) || llama_model_is_hybrid(this.address)
  }

  /** Whether a sequence can be cut back to its first tokens: not where older state is folded into newer, or dropped. */
  get canCutBack(): boolean {
    return this.slidingWindow === 0 && !this.keepsState
  }

  /** What the model wants ahead of each text; undefined for nothing. */
  get firstToken(): number | undefined {
    const { llama_vocab_bos, llama_vocab_get_add_bos } = this.llama.functions
    const bos = llama_vocab_bos(this.#vocab)
    return bos !== NONE && llama_vocab_get_add_bos(this.#vocab) ? bos : undefined
  }

  /** Bytes of text that may be tokenised at a time. */
  get longestText(): number {
    const { llama_vocab_type, llama_model_meta_val_str } = this.llama.functions
    if (llama_vocab_type(this.#vocab) !== BYTE_PAIRS) return Number.POSITIVE_INFINITY
    const name = Buffer.alloc(LONGEST_NAME)
    const length = llama_model_meta_val_str(this.address, 'tokenizer.ggml.pre', name, name.length)
    return longestTextOf(name.toString('utf8', 0, Math.max(0, length)))
  }

  endsGeneration(token: number): boolean {
    const { llama_vocab_eos, llama_vocab_eot, llama_vocab_is_eog } = this.llama.functions
    return (
      token === llama_vocab_eos(this.#vocab) ||
      token === llama_vocab_eot(this.#vocab) ||
      llama_vocab_is_eog(this.#vocab, token)
    )
  }

  /** @param parseSpecial whether text such as "</s>" may stand for the special token of that name */
  tokenize(text: string, parseSpecial: boolean): number[] {
    const bytes = Buffer.from(text, 'utf8')
    const tokenize = (into: Int32Array): number =>
      this.llama.functions.llama_tokenize(this.#vocab, bytes, bytes.length, into, into.length, false, parseSpecial)
    return [...fill(bytes.length + 1, (length) => new Int32Array(length), tokenize)]
  }

  /**
   * Bytes, which may begin or end amid a character.
   *
   * @param ids in the vocabulary: another one ends the process
   * @param showSpecial whether special tokens are told by their names; they have no text otherwise
   */
  detokenize(ids: readonly number[], showSpecial = false): Uint8Array {
    const tokens = Int32Array.from(ids)
    const detokenize = (into: Uint8Array): number =>
      this.llama.functions.llama_detokenize(this.#vocab, tokens, tokens.length, into, into.length, false, showSpecial)
    return fill(8 * tokens.length + 8, (length) => new Uint8Array(length), detokenize)
  }

  [Symbol.dispose](): void {
    this.llama.functions.llama_model_free(this.address)
  }
}

/** C tells how much it wrote, or by a negative number how much room it takes. */
function fill<T extends { subarray(begin: number, end: number): T }>(
  guess: number,
  make: (length: number) => T,
  write: (into: T) => number,
): T {
  const first = make(guess)
  const written = write(first)
  if (written >= 0) return first.subarray(0, written)
  const second = make(-written)
  return second.subarray(0, write(second))
}
