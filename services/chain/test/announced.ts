import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { connectBus } from '@camelid/events'
import { BlockConnectedSchema, BlockDisconnectedSchema } from '@camelid/proto/events/v1/events_pb'
import { inDatabase } from './admin.ts'
import { params } from './branch.ts'
import type { TestChain } from './harness.ts'

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
/** The stream says no more for so long: it was read to its end. */
const QUIET_MS = 400

export interface Announced {
  /** How many block events there are. */
  readonly events: number
  /** Hashes, hex, of the chain that whoever followed them has now, from genesis on. */
  readonly chainNow: readonly string[]
}

let readers = 0

/**
 * Replays what was announced of blocks, from the first event on.
 * @throws Error where an event does not follow from the one before it: a block on another than the last, or the taking off of another
 */
export async function announced(chain: Pick<TestChain, 'databaseUrl' | 'nats'>): Promise<Announced> {
  await sent(chain.databaseUrl)
  const hashes = [bytesToHex(params.genesisHash)]
  const ids = new Set<string>()
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, AbortSignal.timeout(30_000)])
  await using bus = await connectBus({
    url: chain.nats.url,
    network: 'local',
    node: 'farm',
    name: 'replay',
    log,
    signal,
  })
  let quiet = setTimeout(() => over.abort(), 4 * QUIET_MS)
  const durable = `replay-${process.pid}-${++readers}`
  let fault: Error | undefined
  await bus.consume({ stream: 'CHAIN', durable, filter: ['chain.block.*'], signal }, async ({ subject, data, id }) => {
    clearTimeout(quiet)
    quiet = setTimeout(() => over.abort(), QUIET_MS)
    if (ids.has(id)) return
    ids.add(id)
    fault ??= follow(hashes, subject, data)
    if (fault !== undefined) over.abort()
  })
  clearTimeout(quiet)
  if (fault !== undefined) throw fault
  return { events: ids.size, chainNow: hashes }
}

function follow(hashes: string[], subject: string, data: Uint8Array): Error | undefined {
  const top = hashes.at(-1)
  if (subject === 'chain.block.disconnected') {
    const hash = bytesToHex(fromBinary(BlockDisconnectedSchema, data).hash)
    if (hash !== top) return new Error(`block ${hash} was taken off, the last one was ${top}`)
    hashes.pop()
    return undefined
  }
  const { hash, header, height } = fromBinary(BlockConnectedSchema, data)
  if (bytesToHex(header.subarray(4, 36)) !== top || height !== hashes.length)
    return new Error(`block ${bytesToHex(hash)} was put on at height ${height}, the last one was ${top}`)
  hashes.push(bytesToHex(hash))
  return undefined
}

/** Until all events have left the outbox. */
async function sent(databaseUrl: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const [row] = await inDatabase<{ waiting: bigint }>(databaseUrl, 'SELECT count(*) AS waiting FROM outbox')
    if (row?.waiting === 0n) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('events stay in the outbox')
}
