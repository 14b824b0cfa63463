/** A SentencePiece vocabulary as GGUF has it: pieces, scores by which they merge, kinds. */
export interface Vocabulary {
  readonly pieces: readonly string[]
  readonly scores: readonly number[]
  readonly kinds: readonly number[]
}

export const UNKNOWN = 0
export const BEGIN = 1
export const END = 2

const KIND = { normal: 1, unknown: 2, control: 3, byte: 6 } as const
const BYTES = 256
/** A word begins with it in SentencePiece. */
const SPACE = '▁'
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz')

/** Three special tokens, all bytes, a space and letters, and then words: two letters, three, and so on until there are enough. */
export function vocabularyOf(size: number): Vocabulary {
  const pieces = ['<unk>', '<s>', '</s>']
  const kinds: number[] = [KIND.unknown, KIND.control, KIND.control]
  for (let byte = 0; byte < BYTES; byte++) {
    pieces.push(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)
    kinds.push(KIND.byte)
  }
  for (const piece of words()) {
    if (pieces.length >= size) break
    pieces.push(piece)
    kinds.push(KIND.normal)
  }
  if (pieces.length !== size) throw new Error(`a vocabulary of ${size} tokens: give 320 to 400,000`)
  return { pieces, kinds, scores: pieces.map((_, id) => (id < BYTES + 3 ? 0 : -id)) }
}

/** Each made of ones that came before, so that all of them can be reached by merging. */
function* words(): Generator<string> {
  yield* [SPACE, ...LETTERS]
  let ends: string[] = ['', SPACE]
  for (let length = 1; length <= 4; length++) {
    ends = ends.flatMap((end) => LETTERS.map((letter) => end + letter))
    yield* length === 1 ? ends.filter((word) => word.startsWith(SPACE)) : ends
  }
}
