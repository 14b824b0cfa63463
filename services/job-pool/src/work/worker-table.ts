import { fromBinary } from '@bufbuild/protobuf'
import { bytesToHex } from '@camelid/crypto'
import { HeartbeatSchema, type HeldModel, type Role } from '@camelid/proto/work/v1/work_pb'

/** Silence after which a worker or verifier counts as gone, in milliseconds. */
export const STALE_MS = 5_000
/** Workers and verifiers known at once; more are not counted. */
const MAX_WORKERS = 4_096

type Beat = { readonly role: Role; readonly models: readonly HeldModel[]; readonly atMs: number }

/** A model that is alive here, in one role. */
export type AliveModel = {
  readonly sha256: string
  readonly engine: string
  readonly backend: string
  readonly contextSize: number
}

/** Who is alive: what the heartbeats of the last five seconds said. */
export class WorkerTable {
  readonly #beats = new Map<string, Beat>()
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** Takes one heartbeat as it came from NATS; what cannot be read is dropped. */
  note(data: Uint8Array): void {
    const beat = parse(data)
    if (beat === null) return
    this.#forgetStale()
    if (!this.#beats.has(beat.id) && this.#beats.size >= MAX_WORKERS) return
    this.#beats.set(beat.id, { role: beat.role, models: beat.models, atMs: this.#nowMs() })
  }

  /** Models held by the living in this role, one entry a worker. */
  alive(role: Role): readonly AliveModel[] {
    this.#forgetStale()
    return [...this.#beats.values()]
      .filter((beat) => beat.role === role)
      .flatMap((beat) => beat.models)
      .map((model) => ({
        sha256: bytesToHex(model.sha256),
        engine: model.engine,
        backend: model.backend,
        contextSize: model.contextSize,
      }))
  }

  #forgetStale(): void {
    const oldest = this.#nowMs() - STALE_MS
    for (const [id, beat] of this.#beats) if (beat.atMs < oldest) this.#beats.delete(id)
  }
}

function parse(data: Uint8Array): { id: string; role: Role; models: HeldModel[] } | null {
  try {
    const { id, role, models } = fromBinary(HeartbeatSchema, Uint8Array.from(data))
    return id.length > 0 && id.length <= 128 && models.length <= 256 ? { id, role, models } : null
  } catch {
    return null
  }
}
