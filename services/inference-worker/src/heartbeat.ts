import { create, toBinary } from '@bufbuild/protobuf'
import { hexToBytes } from '@camelid/crypto'
import type { Bus } from '@camelid/events'
import { HeartbeatSchema, Role } from '@camelid/proto/work/v1/work_pb'
import { sleep } from '@camelid/runtime'
import type { HeldModel } from './open-engines.ts'

const BEAT_MS = 1_000

export interface HeartbeatArgs {
  readonly bus: Pick<Bus, 'emit'>
  readonly workerId: string
  readonly held: readonly HeldModel[]
  readonly slots: number
  readonly busy: () => number
  readonly signal: AbortSignal
}

/** Says every second what this worker holds and how busy it is, until `signal` aborts. */
export async function beat({ bus, workerId, held, slots, busy, signal }: HeartbeatArgs): Promise<void> {
  const models = held.map(({ engine }) => ({
    sha256: hexToBytes(engine.model.sha256),
    name: engine.model.name,
    engine: engine.engine,
    backend: engine.backend,
    contextSize: engine.model.contextSize,
  }))
  while (!signal.aborted) {
    const heartbeat = create(HeartbeatSchema, { id: workerId, role: Role.WORKER, models, slots, busy: busy() })
    bus.emit('heartbeat', toBinary(HeartbeatSchema, heartbeat))
    await sleep(BEAT_MS, signal).catch(() => undefined)
  }
}
