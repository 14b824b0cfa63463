import type { MessageInitShape } from '@bufbuild/protobuf'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { encodeHeader, encodeTransaction } from '@camelid/codec'
import { p2pkhScript } from '@camelid/consensus'
import { bigIntToBytes32, bytesToHex, equalBytes } from '@camelid/crypto'
import {
  type Frame,
  type Identity,
  identityOf,
  listenPeers,
  type PeerConnection,
  type PeerListener,
} from '@camelid/p2p'
import type { TxProofSchema, UtxoSchema } from '@camelid/proto/p2p/v1/messages_pb'
import {
  GetHeadersSchema,
  GetJobSchema,
  GetOutputSchema,
  GetProofSchema,
  GetUtxosSchema,
  HeadersSchema,
  JobStatementsSchema,
  MessageType,
  Outcome,
  OutputSchema,
  ProofSchema,
  type TxProof,
  type Utxo,
  UtxosSchema,
  VerdictSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import type { TestChain } from './test-chain.ts'

/** What is said of a statement; REJECT unless it says otherwise. */
type Word = { code: string; detail: string; outcome?: Outcome }
type Judge = (frame: Frame, connection: PeerConnection) => Word | undefined

/** What a test may have the node say instead of the truth. */
export interface Lies {
  utxo?: (utxo: MessageInitShape<typeof UtxoSchema>) => MessageInitShape<typeof UtxoSchema>
  proof?: (proof: MessageInitShape<typeof TxProofSchema>) => MessageInitShape<typeof TxProofSchema>
  headers?: (headers: Uint8Array) => Uint8Array
  /** Calls every address used. */
  used?: boolean
  /** Outpoints it calls spent though they are not. */
  spent?: boolean
  /** It proves nothing. */
  withholds?: boolean
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** A node of the network as far as a light client sees one: real TCP and TLS, a chain in memory, and lies where asked for. */
export class TestNode implements AsyncDisposable {
  readonly chain: TestChain
  readonly identity: Identity
  readonly lies: Lies = {}
  readonly connections = new Set<PeerConnection>()
  /** Takes jobs and payments; what it gives back is the refusal, or what is said beside "taken". */
  judge: Judge = () => undefined
  /** Statements that GET_JOB gives back, by job id in hex. */
  readonly statements = new Map<string, { type: MessageType; payload: Uint8Array }[]>()
  /** Bits of `Services`. */
  services = 3n
  /** Takes a frame before anything else does; true where it did. */
  take: (frame: Frame, connection: PeerConnection) => boolean = () => false
  #listener: PeerListener | undefined

  constructor(chain: TestChain, privateKey: Uint8Array) {
    this.chain = chain
    this.identity = identityOf(privateKey)
  }

  get address(): string {
    if (this.#listener === undefined) throw new Error('the node does not listen')
    return `127.0.0.1:${this.#listener.port}`
  }

  async listen(port = 0): Promise<this> {
    this.#listener = await listenPeers({
      host: '127.0.0.1',
      port,
      identity: this.identity,
      params: this.chain.params,
      services: this.services,
      agent: 'test-node',
      getStatus: () => ({ height: this.chain.tip.height, work: bigIntToBytes32(this.chain.tip.work) }),
      log: silent,
      onConnection: (connection) => void this.#serve(connection),
    })
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.connections) connection.close('SHUTTING_DOWN')
    await this.#listener?.[Symbol.asyncDispose]()
  }

  /** Announces the tip to whoever is connected. */
  announce(): void {
    const headers = encodeHeader(this.chain.tip.header)
    const payload = toBinary(HeadersSchema, create(HeadersSchema, { headers, firstHeight: this.chain.tip.height }))
    this.send({ type: MessageType.HEADERS, payload })
  }

  send(message: { type: Frame['type']; payload: Uint8Array; flood?: boolean }): void {
    for (const connection of this.connections) connection.send(message)
  }

  async #serve(connection: PeerConnection): Promise<void> {
    this.connections.add(connection)
    for await (const frame of connection.frames) {
      if (this.take(frame, connection)) continue
      const answer = this.#answer(frame)
      if (answer !== undefined) connection.send(answer)
      else this.#takeStatement(frame, connection)
    }
    this.connections.delete(connection)
  }

  #takeStatement(frame: Frame, connection: PeerConnection): void {
    const word = this.judge(frame, connection)
    const verdict = create(VerdictSchema, {
      messageId: frame.messageId,
      outcome: word === undefined ? Outcome.OK : Outcome.REJECT,
      ...word,
    })
    connection.send({ type: MessageType.VERDICT, payload: toBinary(VerdictSchema, verdict) })
  }

  #answer({ type: frameType, payload }: Frame): { type: Frame['type']; payload: Uint8Array } | undefined {
    const type: number = frameType
    const tip = { tipHeight: this.chain.tip.height, tipHash: this.chain.tip.hash }
    switch (type) {
      case MessageType.GET_HEADERS: {
        const { requestId, locator } = fromBinary(GetHeadersSchema, payload)
        const fork = this.chain.blocks.findLast(({ node }) => locator.some((hash) => equalBytes(hash, node.hash)))
        const after = this.chain.blocks.slice((fork?.node.height ?? 0) + 1, (fork?.node.height ?? 0) + 2_001)
        const headers = Buffer.concat(after.map(({ node }) => encodeHeader(node.header)))
        const said = this.lies.headers?.(headers) ?? headers
        return {
          type: MessageType.HEADERS,
          payload: toBinary(HeadersSchema, create(HeadersSchema, { requestId, headers: said })),
        }
      }
      case MessageType.GET_UTXOS: {
        const { requestId, h2 } = fromBinary(GetUtxosSchema, payload)
        const utxos = this.chain.unspent(p2pkhScript(h2)).map(({ txid, index }) => this.#utxo(txid, index))
        return {
          type: MessageType.UTXOS,
          payload: toBinary(
            UtxosSchema,
            create(UtxosSchema, {
              requestId,
              utxos,
              used: this.lies.used ?? this.chain.wasPaid(p2pkhScript(h2)),
              ...tip,
            }),
          ),
        }
      }
      case MessageType.GET_OUTPUT: {
        const { requestId, outpoint } = fromBinary(GetOutputSchema, payload)
        if (outpoint === undefined) return undefined
        const output = this.#utxo(outpoint.txid, outpoint.index)
        const spent = this.lies.spent ?? this.chain.isSpent(outpoint)
        return {
          type: MessageType.OUTPUT,
          payload: toBinary(OutputSchema, create(OutputSchema, { requestId, output, spent, ...tip })),
        }
      }
      case MessageType.GET_PROOF: {
        const { requestId, txid } = fromBinary(GetProofSchema, payload)
        const proof = this.lies.withholds ? undefined : this.#proof(txid)
        const answer = create(ProofSchema, {
          requestId,
          tipHeight: tip.tipHeight,
          ...(proof !== undefined && { proof }),
        })
        return { type: MessageType.PROOF, payload: toBinary(ProofSchema, answer) }
      }
      case MessageType.GET_JOB: {
        const { requestId, jobId } = fromBinary(GetJobSchema, payload)
        const statements = this.statements.get(bytesToHex(jobId)) ?? []
        return {
          type: MessageType.JOB_STATEMENTS,
          payload: toBinary(JobStatementsSchema, create(JobStatementsSchema, { requestId, statements })),
        }
      }
      default:
        return undefined
    }
  }

  #proof(txid: Uint8Array): MessageInitShape<typeof TxProofSchema> | undefined {
    const found = this.chain.find(txid)
    if (found === undefined) return undefined
    const { block, position, branch } = found
    const transaction = block.transactions[position]
    if (transaction === undefined) return undefined
    const { hash, height } = block.node
    const proof: Omit<TxProof, '$typeName'> = {
      transaction: encodeTransaction(transaction),
      blockHash: hash,
      height,
      position,
      branch,
    }
    return this.lies.proof?.(proof) ?? proof
  }

  #utxo(txid: Uint8Array, index: number): MessageInitShape<typeof UtxoSchema> {
    const found = this.chain.find(txid)
    const output = found?.block.transactions[found.position]?.vout[index]
    const proof = this.#proof(txid)
    if (found === undefined || output === undefined || proof === undefined)
      throw new Error('the test asks for an output that is not there')
    const utxo: Omit<Utxo, '$typeName' | 'outpoint' | 'proof'> = {
      value: output.value,
      scriptPubKey: output.scriptPubKey,
      height: found.block.node.height,
      coinbase: found.position === 0,
      spentInMempool: false,
    }
    const said = { ...utxo, outpoint: { txid, index }, proof }
    return this.lies.utxo?.(said) ?? said
  }
}
