import type { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import type { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import type { RpcClient } from '@camelid/rpc'

/** How long the gateway may take. */
const TIMEOUT_MS = 2_000
/** First pause before a statement is sent again; after AGAIN times it doubles up to the longest. */
const PAUSE_MS = 2_000
const AGAIN = 15
const LONGEST_PAUSE_MS = 60_000

type Schedule = { readonly key: string; times: number; nextMs: number }

/** Sends statements to everybody, and again and again those that wait for an answer. */
export class Floods {
  readonly #gateway: RpcClient<typeof GatewayService>
  readonly #log: { debug(fields: object, message: string): void }
  readonly #schedules = new Map<string, Schedule>()

  constructor(gateway: RpcClient<typeof GatewayService>, log: { debug(fields: object, message: string): void }) {
    this.#gateway = gateway
    this.#log = log
  }

  /** Once. A gateway that is away loses nothing: what matters is sent again. */
  send(type: MessageType, payload: Uint8Array): void {
    this.#gateway.broadcast({ type, payload }, { timeoutMs: TIMEOUT_MS }).catch((error: unknown) => {
      this.#log.debug({ err: error, type }, 'the gateway did not take a statement')
    })
  }

  /** Sends what is due of a job's open statement. Gives when it is due again, Unix milliseconds. */
  repeat(
    jobHex: string,
    statement: { readonly type: MessageType; readonly payload: Uint8Array },
    nowMs: number,
  ): number {
    const key = String(statement.type)
    let schedule = this.#schedules.get(jobHex)
    if (schedule === undefined || schedule.key !== key) {
      schedule = { key, times: 0, nextMs: nowMs }
      this.#schedules.set(jobHex, schedule)
    }
    if (nowMs >= schedule.nextMs) {
      this.send(statement.type, statement.payload)
      schedule.nextMs = nowMs + Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** Math.max(0, schedule.times - AGAIN))
      schedule.times += 1
    }
    return schedule.nextMs
  }

  forget(jobHex: string): void {
    this.#schedules.delete(jobHex)
  }
}
