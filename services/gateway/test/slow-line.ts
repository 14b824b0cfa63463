import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** A line to a peer: swift, until it is told to let through one byte a second of what comes from there. */
export class SlowLine implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #slow = false

  private constructor(to: number) {
    this.#server = createServer((near) => {
      const far = connect(to, '127.0.0.1')
      for (const socket of [near, far]) {
        this.#sockets.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => {
          near.destroy()
          far.destroy()
        })
      }
      near.pipe(far)
      void this.#pass(far, near)
    })
  }

  static async to(port: number): Promise<SlowLine> {
    const line = new SlowLine(port)
    line.#server.listen(0, '127.0.0.1')
    await once(line.#server, 'listening')
    return line
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  slowDown(): void {
    this.#slow = true
  }

  async #pass(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from) {
        let rest: Buffer = chunk
        for (; this.#slow && rest.length > 0 && !to.destroyed; rest = rest.subarray(1)) {
          to.write(rest.subarray(0, 1))
          await delay(1_000, undefined, { ref: false })
        }
        if (rest.length > 0) to.write(rest)
      }
    } catch {
      // One of the two hung up.
    }
    to.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
