import { decodeBlockWithIds, encodeBlock, encodeHeader, txid } from '@camelid/codec'
import { block } from '@camelid/codec/testing/arbitraries'
import { networkParams } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { parseHeaders } from '../../../services/chain/src/chain/accept-headers.ts'
import { LineReader } from '../../../services/miner/src/stratum/line-reader.ts'
import { errorLine, idOf, parseRequest } from '../../../services/miner/src/stratum/messages.ts'
import { bytesOfText, type Target, target } from '../target.ts'
import { encoded } from './codec.ts'

const PARAMS = networkParams('local')
const REQUESTS = [
  '{"id":1,"method":"mining.subscribe","params":["cgminer/4.10.0"]}',
  '{"id":"b","method":"mining.submit","params":["w","1f","0000000000000000","65f0c0de","00ff00ff"]}',
  '{"id":null,"result":true,"error":null}',
]

/** What comes in pieces: blocks with the ids of their transactions, rows of headers, lines of outside miners. */
export function streamTargets(seed: number): Target[] {
  return [
    target({
      name: 'block with ids',
      samples: encoded(block, (value) => encodeBlock(value), seed),
      decode: (bytes) => {
        const read = decodeBlockWithIds(bytes)
        for (const [i, tx] of read.block.transactions.entries())
          if (!equalBytes(read.txids[i] ?? bytes, txid(tx))) throw new Error(`transaction ${i} has another id`)
        return read.block
      },
      encode: (value) => encodeBlock(value),
    }),
    target({
      name: 'row of headers',
      samples: [encodeHeader(PARAMS.genesis.header)],
      decode: (bytes) => parseHeaders(bytes, { params: PARAMS }),
    }),
    target({ name: 'Stratum lines', samples: REQUESTS.map((line) => bytesOfText(`${line}\n`)), decode: readLines }),
  ]
}

/** The last byte says where the stream is cut in two. */
function readLines(bytes: Uint8Array): void {
  const reader = new LineReader()
  const cut = Math.min(bytes.length, bytes.at(-1) ?? 0)
  for (const chunk of [bytes.slice(0, cut), bytes.slice(cut)]) {
    for (const line of reader.push(Buffer.from(chunk)) ?? []) {
      errorLine(idOf(line), undefined)
      parseRequest(line)
    }
  }
}
