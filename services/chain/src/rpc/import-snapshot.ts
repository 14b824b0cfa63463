import type { MessageInitShape } from '@bufbuild/protobuf'
import { HASH_BYTES } from '@camelid/codec'
import type { ImportSnapshotRequest, ImportSnapshotResponseSchema, ImportTerms } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { progressMessage } from '../progress/progress-message.ts'
import { toldBy } from '../progress/told-by.ts'
import { importSnapshot as takeSnapshot } from '../snapshot/import-snapshot.ts'
import { parseHash } from './parse.ts'

type Told = MessageInitShape<typeof ImportSnapshotResponseSchema>

/** How far it is, then what came of it; nothing stays of an import that fails or whose caller leaves. @throws SnapshotError, ChainError */
export function importSnapshot(state: ChainState, requests: AsyncIterable<ImportSnapshotRequest>, signal: AbortSignal) {
  return toldBy<Told>(async (telling) => {
    const parts = requests[Symbol.asyncIterator]()
    const first = await parts.next()
    const part = first.done === true ? undefined : first.value.part
    if (part?.case !== 'terms') throw new ChainError('BAD_REQUEST', 'an import begins with its terms')
    const imported = await takeSnapshot(state, {
      chunks: chunksOf(parts, telling.signal),
      wanted: wantedHash(part.value),
      signal: telling.signal,
      report: (progress) => telling.mention({ told: progressMessage(progress) }),
    })
    state.log.info({ height: imported.height }, 'imported a snapshot')
    await telling.say({ told: { case: 'summary', value: { ...imported, size: BigInt(imported.size) } } })
  }, signal)
}

/** @throws ChainError BAD_REQUEST where nobody said which snapshot is meant */
function wantedHash({ hash, trust }: ImportTerms): Uint8Array | undefined {
  if (trust && hash.length === 0) return undefined
  if (hash.length === 0)
    throw new ChainError(
      'BAD_REQUEST',
      `an import needs the hash of the snapshot (${HASH_BYTES} bytes), or the word to trust it`,
    )
  return parseHash(hash, 'hash')
}

async function* chunksOf(parts: AsyncIterator<ImportSnapshotRequest>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (;;) {
    signal.throwIfAborted()
    const step = await parts.next()
    if (step.done === true) return
    const { part } = step.value
    if (part.case !== 'chunk') throw new ChainError('BAD_REQUEST', 'after its terms an import has chunks only')
    yield part.value
  }
}
