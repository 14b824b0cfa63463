import { closeSync, openSync, writeSync } from 'node:fs'
import { bool, float32, string, text, typed, u32, u64, uint32, type Value } from './gguf-bytes.ts'
import { type Shape, type TensorPlan, tensorsOf } from './shape.ts'
import { BEGIN, END, UNKNOWN, vocabularyOf } from './vocabulary.ts'
import { halfWeights } from './weights.ts'

/** Tensors begin at multiples of it; GGUF's default. */
const ALIGNMENT = 32
const GGUF_VERSION = 3
/** Of tensors, as ggml numbers them. */
const F32 = 0
const F16 = 1

/**
 * Writes a model of the llama architecture with random weights: F16 as the shipped ones, a SentencePiece vocabulary that
 * loads. It says nothing that anybody could read, and takes as long for it as a trained model of its size.
 */
export function writeRandomModel(path: string, shape: Shape): void {
  const tensors = tensorsOf(shape)
  const metadata = metadataOf(shape)
  const head = [Buffer.from('GGUF'), u32(GGUF_VERSION), u64(tensors.length), u64(metadata.length)]
  for (const [key, value] of metadata) head.push(text(key), typed(value))
  let offset = 0
  for (const tensor of tensors) {
    head.push(text(tensor.name), u32(tensor.dims.length), ...tensor.dims.map(u64), u32(typeOf(tensor)), u64(offset))
    offset += aligned(bytesOf(tensor))
  }
  const file = openSync(path, 'w')
  try {
    writePadded(file, Buffer.concat(head))
    const random = halfWeights(shape.seed)
    for (const tensor of tensors) {
      const weights =
        tensor.deviation === 0 ? new Float32Array(count(tensor)).fill(1) : random(count(tensor), tensor.deviation)
      writePadded(file, new Uint8Array(weights.buffer))
    }
  } finally {
    closeSync(file)
  }
}

function metadataOf(shape: Shape): [string, Value][] {
  const { pieces, scores, kinds } = vocabularyOf(shape.vocabulary)
  return [
    ['general.architecture', string('llama')],
    ['general.name', string('random')],
    ['general.file_type', uint32(F16)],
    ['llama.vocab_size', uint32(shape.vocabulary)],
    ['llama.context_length', uint32(shape.context)],
    ['llama.embedding_length', uint32(shape.width)],
    ['llama.block_count', uint32(shape.layers)],
    ['llama.feed_forward_length', uint32(shape.hidden)],
    ['llama.attention.head_count', uint32(shape.heads)],
    ['llama.attention.head_count_kv', uint32(shape.kvHeads)],
    ['llama.attention.layer_norm_rms_epsilon', float32(1e-5)],
    ['llama.rope.dimension_count', uint32(shape.width / shape.heads)],
    ['tokenizer.ggml.model', string('llama')],
    ['tokenizer.ggml.tokens', { type: 'strings', value: pieces }],
    ['tokenizer.ggml.scores', { type: 'float32s', value: scores }],
    ['tokenizer.ggml.token_type', { type: 'int32s', value: kinds }],
    ['tokenizer.ggml.unknown_token_id', uint32(UNKNOWN)],
    ['tokenizer.ggml.bos_token_id', uint32(BEGIN)],
    ['tokenizer.ggml.eos_token_id', uint32(END)],
    ['tokenizer.ggml.add_bos_token', bool(true)],
    ['tokenizer.ggml.add_eos_token', bool(false)],
  ]
}

function writePadded(file: number, bytes: Uint8Array): void {
  writeSync(file, bytes)
  writeSync(file, new Uint8Array(aligned(bytes.length) - bytes.length))
}

const count = ({ dims }: TensorPlan): number => dims.reduce((product, length) => product * length, 1)
const typeOf = ({ dims }: TensorPlan): number => (dims.length === 1 ? F32 : F16)
const bytesOf = (tensor: TensorPlan): number => count(tensor) * (typeOf(tensor) === F32 ? 4 : 2)
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
