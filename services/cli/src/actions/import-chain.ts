import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { displayHash } from '@camelid/codec'
import { bytesToHex, hexToBytes } from '@camelid/crypto'
import { ChainService, type SnapshotSummary } from '@camelid/proto/chain/v1/chain_pb'
import { CliError, usage } from '../cli-error.ts'
import { printFields, printJson } from '../print.ts'
import { ProgressLine } from '../print-progress.ts'
import { withService } from '../rpc-call.ts'

/** Bytes of a file in one message. */
const CHUNK_BYTES = 512 * 1024

interface Options {
  chain: string
  hash?: string
  trust?: true
  json?: true
}

/** `camelid chain import`. Errors: USAGE, FILE, INTERRUPTED, and those of the service, which name what is wrong with the snapshot. */
export async function importChain(file: string, { chain, hash, trust, json }: Options): Promise<void> {
  const wanted = parseTerms(hash, trust === true)
  const { size } = await stat(file).catch((cause: unknown) => {
    throw new CliError('FILE', `${file} cannot be read`, { cause })
  })
  const summary = await send(file, size, chain, { hash: wanted, trust: trust === true })
  const view = {
    height: summary.height,
    tipHash: displayHash(summary.tipHash),
    hash: bytesToHex(summary.hash),
    stateHash: bytesToHex(summary.stateHash),
  }
  if (json) printJson(view)
  else printFields(Object.entries(view).map(([name, value]) => [name, String(value)]))
}

function parseTerms(hash: string | undefined, trust: boolean): Uint8Array {
  if (hash === undefined && trust) return new Uint8Array()
  if (hash === undefined)
    throw usage('say which snapshot it must be: --hash HEX from somebody you trust, or --trust for a file of your own')
  if (trust) throw usage('--hash and --trust exclude each other')
  if (!/^[0-9a-fA-F]{64}$/.test(hash)) throw usage(`"${hash}" is no hash: --hash takes 64 hex digits`)
  return hexToBytes(hash.toLowerCase())
}

async function send(
  file: string,
  size: number,
  chain: string,
  terms: { hash: Uint8Array; trust: boolean },
): Promise<SnapshotSummary> {
  return await withService({ name: 'chain', definition: ChainService, address: chain }, async (client) => {
    using line = new ProgressLine()
    let sent = 0
    async function* parts() {
      yield { part: { case: 'terms' as const, value: terms } }
      const chunks: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: CHUNK_BYTES })
      for await (const value of chunks) {
        sent += value.length
        yield { part: { case: 'chunk' as const, value } }
      }
    }
    for await (const { told } of client.importSnapshot(parts())) {
      if (told.case === 'progress') line.show({ ...told.value, done: BigInt(sent), total: BigInt(size) })
      else if (told.case === 'summary') return told.value
    }
    throw new CliError('INTERRUPTED', 'the chain service ended before it was done: nothing was imported')
  })
}
