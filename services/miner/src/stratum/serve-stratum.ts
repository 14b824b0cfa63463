import { randomInt } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { equalBytes } from '@camelid/crypto'
import type { BlockTemplate } from '../chain/fetch-template.ts'
import type { MinerLog } from '../metrics.ts'
import { assembleBlock } from '../work/assemble-block.ts'
import type { WorkFollower } from '../work/follow-work.ts'
import { parentOf, sameWork } from '../work/template.ts'
import { addressGroup } from './address-group.ts'
import { Connection, sayGoodbye } from './connection.ts'
import type { StratumMetrics } from './metrics.ts'
import type { CurrentWork } from './session.ts'

const TICK_MS = 1_000
/** New fees on the same tip are told at most this often: a miner loses a moment at each change of work. */
const LEAST_REFRESH_MS = 5_000
/** The same work is told again after this long, with a later time, so that miners know that we are there. */
const REPEAT_MS = 30_000
const EXTRA_NONCES = 2 ** 32

export interface StratumOptions {
  readonly host: string
  readonly port: number
  readonly startDifficulty: number
  /** Connections in all, and from one IP address. */
  readonly maxConnections: number
  readonly maxPerAddress: number
  readonly onBlock: (found: { readonly block: Uint8Array; readonly height: number }) => void
  readonly log: Pick<MinerLog, 'info' | 'error'>
  readonly metrics: StratumMetrics
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number
}

/** Stratum v1 over TCP: hands the templates that it is told of to miners outside, each paid to its own address. */
export class StratumServer implements WorkFollower, AsyncDisposable {
  readonly #options: StratumOptions
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  readonly #perAddress = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #current: CurrentWork | undefined
  #sentMs = 0
  #extraNonce = randomInt(EXTRA_NONCES)

  private constructor(options: StratumOptions) {
    this.#options = options
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
    this.#timer = setInterval(() => this.#tick(), TICK_MS)
  }

  /** Rejects where the port cannot be opened. */
  static async listen(options: StratumOptions): Promise<StratumServer> {
    const stratum = new StratumServer(options)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    stratum.#server.once('error', reject)
    stratum.#server.listen(options.port, options.host, resolve)
    try {
      await promise
    } catch (error) {
      clearInterval(stratum.#timer)
      throw error
    }
    stratum.#server.off('error', reject)
    stratum.#server.on('error', (error) => options.log.error({ err: error }, 'the Stratum port failed'))
    return stratum
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#options.port
  }

  onTemplate(template: BlockTemplate): void {
    const last = this.#current
    const now = this.#options.nowMs()
    if (last !== undefined && equalBytes(parentOf(last.template.work), parentOf(template.work))) {
      const wait = sameWork(last.template.work, template.work) ? REPEAT_MS : LEAST_REFRESH_MS
      if (now - this.#sentMs < wait) return
    }
    this.#current = { template, receivedMs: now }
    this.#sentMs = now
    for (const { session } of this.#connections) session.sendWork()
  }

  onStale(): void {
    this.#current = undefined
    for (const { session } of this.#connections) session.forget()
  }

  /** Miners keep their work: the chain may be back before they find anything. */
  onLost(): void {}

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const connections = [...this.#connections]
    for (const connection of connections) connection.close('SHUTTING_DOWN: the miner service stops')
    await Promise.all([closed, ...connections.map(({ ended }) => ended)])
  }

  #accept(socket: Socket): void {
    const { metrics, log } = this.#options
    const address = addressGroup(socket.remoteAddress)
    const refusal = this.#refusalOf(address)
    if (refusal !== undefined) {
      metrics.refused.inc({ reason: nameOf(refusal) })
      socket.on('error', () => undefined)
      // What it says meanwhile is thrown away.
      socket.resume()
      sayGoodbye(socket, refusal)
      return
    }
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    const connection = this.#connect(socket, (reason) => {
      this.#connections.delete(connection)
      const left = (this.#perAddress.get(address) ?? 1) - 1
      if (left === 0) this.#perAddress.delete(address)
      else this.#perAddress.set(address, left)
      metrics.connections.set(this.#connections.size)
      metrics.closed.inc({ reason: nameOf(reason) })
      log.info({ address, reason, workers: [...connection.session.workers] }, 'a Stratum miner is gone')
    })
    this.#connections.add(connection)
    metrics.connections.set(this.#connections.size)
    log.info({ address }, 'a Stratum miner connected')
  }

  #connect(socket: Socket, onClosed: (reason: string) => void): Connection {
    const { log, metrics, startDifficulty, nowMs, onBlock } = this.#options
    const extraNonce1 = Buffer.alloc(4)
    this.#extraNonce = (this.#extraNonce + 1) % EXTRA_NONCES
    extraNonce1.writeUInt32BE(this.#extraNonce)
    return new Connection(socket, {
      extraNonce1,
      startDifficulty,
      nowMs,
      current: () => this.#current,
      onShare: metrics.share,
      onBlock: ({ work, transactions }, { header, extraNonce }) =>
        onBlock({ block: assembleBlock({ work, header, extraNonce, transactions }), height: work.height }),
      onFault: (error) => log.error({ err: error }, 'a Stratum request failed'),
      onClosed,
    })
  }

  #refusalOf(address: string): string | undefined {
    const { maxConnections, maxPerAddress } = this.#options
    if (this.#connections.size >= maxConnections) return `TOO_MANY_CONNECTIONS: ${maxConnections} miners are connected`
    if ((this.#perAddress.get(address) ?? 0) >= maxPerAddress)
      return `TOO_MANY_FROM_ADDRESS: ${maxPerAddress} miners of your address are connected`
    return undefined
  }

  #tick(): void {
    for (const connection of [...this.#connections]) connection.tick()
  }
}

/** The name that a reason begins with: few enough for a label. */
function nameOf(reason: string): string {
  return /^[A-Z_]+/.exec(reason)?.[0] ?? 'OTHER'
}
