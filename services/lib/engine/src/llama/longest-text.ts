/**
 * How these split text into words is written out in llama.cpp. Others leave it to std::regex, which recurses with each character:
 * it ends the process at some ten thousand of one kind.
 */
const WRITTEN_OUT: ReadonlySet<string> = new Set([
  'command-r',
  'deepseek-r1-qwen',
  'falcon',
  'falcon3',
  'gemma4',
  'gpt-2',
  'llama-bpe',
  'llama-v3',
  'llama3',
  'mpt',
  'phi-2',
  'pixtral',
  'qwen2',
  'qwen35',
  'refact',
  'starcoder',
])

/** Less than half of what was seen to be too much for the stack that C has here. */
const RECURSED_BYTES = 8_000

/** Bytes of text that a model may tokenise at a time. @param preTokenizer by its name in the model's file */
export function longestTextOf(preTokenizer: string): number {
  return WRITTEN_OUT.has(preTokenizer) ? Number.POSITIVE_INFINITY : RECURSED_BYTES
}
