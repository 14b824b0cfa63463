import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { scratch } from '../first-light/scratch.ts'
import { atMost, exactly, type Figure, stated } from '../report.ts'
import { BenchNode } from './bench-node.ts'
import { type LongChain, makeLongChain } from './long-chain.ts'

const BLOCKS = Number(process.env.BENCH_SYNC_BLOCKS ?? 1_600)
const HEAP_MB = 256
const LIMIT_MB = 450
/** Peak of the second half of the chain over that of the first. */
const GROWTH = 1.1
const HEADERS_AT_ONCE = 2_000
/** Blocks on their way, as a gateway has them from a few peers. */
const BLOCKS_AT_ONCE = 16

/**
 * A fresh chain process with a heap of 256 MB takes a long chain, headers first: small blocks, ever more unspent outputs, and every
 * twentieth block 4 MB. Its resident memory may not grow with the length of the chain.
 */
export async function benchSync(): Promise<Figure[]> {
  using directory = scratch()
  const path = join(directory.path, 'blocks')
  const chain = await makeLongChain(path, BLOCKS)
  const megabytes = chain.sizes.reduce((sum, size) => sum + size, 0) / 1e6
  console.log(`  ${chain.sizes.length} blocks, ${megabytes.toFixed(0)} MB, ${chain.transactions} transactions`)
  await using node = await BenchNode.start({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` })
  const file = await open(path)
  try {
    const start = performance.now()
    for (let at = 0; at < chain.headers.length; at += HEADERS_AT_ONCE)
      await node.feed.take([{ headers: Buffer.concat(chain.headers.slice(at, at + HEADERS_AT_ONCE)) }])
    const half = Math.floor(BLOCKS / 2)
    const peaks = [await takeBlocks(node, file, chain, 0, half), await takeBlocks(node, file, chain, half, BLOCKS)]
    const seconds = (performance.now() - start) / 1000
    const [first = Number.NaN, second = Number.NaN] = peaks
    return [
      exactly('initial sync: blocks missing at its end', BLOCKS - (await node.height()), 'blocks', 0),
      atMost(`initial sync, heap of ${HEAP_MB} MB: most resident`, Math.max(first, second), 'MB', LIMIT_MB),
      atMost(`most resident, blocks ${half} to ${BLOCKS} ÷ those before`, second / first, 'ratio', GROWTH),
      stated('initial sync', chain.transactions / seconds, 'tx/s'),
      stated('initial sync', BLOCKS / seconds, 'blocks/s'),
    ]
  } finally {
    await file.close()
  }
}

/** @returns megabytes that the process held at most meanwhile */
async function takeBlocks(
  node: BenchNode,
  file: FileHandle,
  { sizes }: LongChain,
  from: number,
  to: number,
): Promise<number> {
  node.forgetPeak()
  let offset = sizes.slice(0, from).reduce((sum, size) => sum + size, 0)
  for (let at = from; at < to; at += BLOCKS_AT_ONCE) {
    const blocks: Uint8Array[] = []
    for (const size of sizes.slice(at, Math.min(to, at + BLOCKS_AT_ONCE))) {
      const { buffer } = await file.read(Buffer.alloc(size), 0, size, offset)
      offset += size
      blocks.push(buffer)
    }
    await node.feed.take(blocks.map((block) => ({ block })))
  }
  return node.peakMegabytes()
}
