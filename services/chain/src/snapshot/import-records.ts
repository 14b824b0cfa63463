import { ByteReader, ByteWriter } from '@camelid/codec'
import { compareBytes } from '@camelid/crypto'
import type { ByteSource } from './byte-source.ts'
import { damaged } from './snapshot-error.ts'

/** One kind of record: how it is read, written back and filed. */
export interface RecordKind<T> {
  readonly tag: number
  /** Bytes after the tag that every record has. */
  readonly fixed: number
  /** Bytes of these by which the records are in order, from the start; 0 where the table alone judges that. */
  readonly key: number
  /** @param rest takes what follows the fixed part, at most so many bytes as it asks for */
  read(reader: ByteReader, rest: (length: number) => Promise<Buffer>): T | Promise<T>
  write(writer: ByteWriter, record: T): void
  insert(records: readonly T[]): Promise<void>
}

const BATCH = 2_000
/** Scripts of a batch may be large. */
const BATCH_BYTES = 4 * 1024 * 1024

/**
 * Takes records of one kind as long as they come, files them in batches and gives the bytes of each batch. `tag` is that of the next record.
 * @returns the tag that follows, and how many there were @throws SnapshotError SNAPSHOT_DAMAGED
 */
export async function* takeRecords<T>(
  source: ByteSource,
  tag: number,
  kind: RecordKind<T>,
): AsyncGenerator<Uint8Array, { tag: number; count: bigint }> {
  let batch: T[] = []
  let writer = new ByteWriter()
  let last: Uint8Array = new Uint8Array()
  let count = 0n
  let next = tag
  while (next === kind.tag) {
    const bytes = await source.take(kind.fixed)
    const key = bytes.subarray(0, kind.key)
    if (kind.key > 0 && compareBytes(last, key) >= 0) throw damaged(`its records of kind ${kind.tag} are not in order`)
    last = new Uint8Array(key)
    const record = await kind.read(new ByteReader(bytes), (length) => source.take(length))
    kind.write(writer, record)
    batch.push(record)
    count++
    if (batch.length === BATCH || writer.length > BATCH_BYTES) {
      await kind.insert(batch)
      yield writer.finish()
      batch = []
      writer = new ByteWriter()
    }
    next = (await source.take(1)).readUInt8()
  }
  if (batch.length > 0) {
    await kind.insert(batch)
    yield writer.finish()
  }
  return { tag: next, count }
}
