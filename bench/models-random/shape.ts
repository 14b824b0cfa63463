/** Of a model of the llama architecture; heads divide the width, KV heads the heads. */
export interface Shape {
  /** Tokens, bytes and the three special ones among them: 320 at least. */
  readonly vocabulary: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  /** Width of the feed-forward layers. */
  readonly hidden: number
  /** Tokens. */
  readonly context: number
  /** The same seed gives the same file. */
  readonly seed: number
}

export interface TensorPlan {
  readonly name: string
  /** As GGUF has them: the length of a row first. */
  readonly dims: readonly number[]
  /** Standard deviation of the weights; 0 for a vector of ones. */
  readonly deviation: number
}

/** Of logits, at the end: a token of 32,000 then says about 2.5 nats, as with trained models. */
const LOGIT_DEVIATION = 4

/** All tensors of a model, scaled so that neither signal nor logits grow or vanish on the way. */
export function tensorsOf({ vocabulary, width, layers, heads, kvHeads, hidden }: Shape): TensorPlan[] {
  const matrix = (name: string, columns: number, rows: number, gain = 1): TensorPlan => ({
    name: `${name}.weight`,
    dims: [columns, rows],
    deviation: gain / Math.sqrt(columns),
  })
  const ones = (name: string): TensorPlan => ({ name: `${name}.weight`, dims: [width], deviation: 0 })
  const kvWidth = (width / heads) * kvHeads
  return [
    matrix('token_embd', width, vocabulary),
    ones('output_norm'),
    matrix('output', width, vocabulary, LOGIT_DEVIATION),
    ...Array.from({ length: layers }, (_, layer) => [
      ones(`blk.${layer}.attn_norm`),
      matrix(`blk.${layer}.attn_q`, width, width),
      matrix(`blk.${layer}.attn_k`, width, kvWidth),
      matrix(`blk.${layer}.attn_v`, width, kvWidth),
      matrix(`blk.${layer}.attn_output`, width, width),
      ones(`blk.${layer}.ffn_norm`),
      matrix(`blk.${layer}.ffn_gate`, width, hidden),
      matrix(`blk.${layer}.ffn_up`, width, hidden),
      matrix(`blk.${layer}.ffn_down`, hidden, width),
    ]).flat(),
  ]
}
