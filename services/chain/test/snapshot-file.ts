import type { SnapshotSummary } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainClient } from './harness.ts'

/** The file that an export gives, and what it says of it. */
export async function exportFile(client: ChainClient): Promise<{ file: Buffer; summary: SnapshotSummary }> {
  const pieces: { offset: number; bytes: Uint8Array }[] = []
  for await (const { told } of client.exportSnapshot({}, { timeoutMs: 60_000 })) {
    if (told.case === 'piece') pieces.push({ offset: Number(told.value.offset), bytes: told.value.bytes.slice() })
    if (told.case !== 'summary') continue
    const file = Buffer.alloc(Number(told.value.size))
    for (const { offset, bytes } of pieces) file.set(bytes, offset)
    return { file, summary: told.value }
  }
  throw new Error('the export ended without a summary')
}

/** Offers a file, in chunks of an odd size. @param hash the one it must have; undefined: whatever it says */
export async function importFile(
  client: ChainClient,
  file: Uint8Array,
  hash: Uint8Array | undefined,
): Promise<SnapshotSummary> {
  async function* parts() {
    const value = hash === undefined ? { trust: true } : { hash }
    yield { part: { case: 'terms' as const, value } }
    for (let at = 0; at < file.length; at += 7_001)
      yield { part: { case: 'chunk' as const, value: file.subarray(at, at + 7_001) } }
  }
  for await (const { told } of client.importSnapshot(parts(), { timeoutMs: 60_000 }))
    if (told.case === 'summary') return told.value
  throw new Error('the import ended without a summary')
}
