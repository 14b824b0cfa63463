/** Bytes of a P2PKH input with the longest low-S signature: outpoint 36, length 1, two pushes of 73 and 34, sequence 4. */
export const P2PKH_INPUT_BYTES = 148

/** Bytes of an output: value 8, length, script. */
export function outputBytes(scriptPubKey: Uint8Array): number {
  return 8 + compactSizeBytes(scriptPubKey.length) + scriptPubKey.length
}

/** Bytes of a P2PKH output. */
export const P2PKH_OUTPUT_BYTES = 34

/** Bytes at most of a transaction that spends `inputs` P2PKH coins into outputs of `bytesOfOutputs` bytes in all. */
export function transactionBytes(inputs: number, outputs: number, bytesOfOutputs: number): number {
  // Version, lockTime and jobId.
  const fixed = 4 + 4 + 32
  return fixed + compactSizeBytes(inputs) + inputs * P2PKH_INPUT_BYTES + compactSizeBytes(outputs) + bytesOfOutputs
}

function compactSizeBytes(size: number): number {
  if (size < 0xfd) return 1
  return size <= 0xffff ? 3 : 5
}
