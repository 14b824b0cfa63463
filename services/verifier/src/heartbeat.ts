import { create, toBinary } from '@bufbuild/protobuf'
import { hexToBytes } from '@camelid/crypto'
import type { Bus } from '@camelid/events'
import { HeartbeatSchema, Role } from '@camelid/proto/work/v1/work_pb'
import type { Engine } from '@camelid/rastic'
import { sleep } from '@camelid/runtime'

const BEAT_MS = 1_000

export interface HeartbeatArgs {
  readonly bus: Pick<Bus, 'emit'>
  readonly verifierId: string
  readonly engines: readonly Engine[]
  readonly slots: number
  readonly busy: () => number
  readonly signal: AbortSignal
}

/** Says every second what this verifier holds and how busy it is, until `signal` aborts. */
export async function beat({ bus, verifierId, engines, slots, busy, signal }: HeartbeatArgs): Promise<void> {
  const models = engines.map(({ model, engine, backend }) => ({
    sha256: hexToBytes(model.sha256),
    name: model.name,
    engine,
    backend,
    contextSize: model.contextSize,
  }))
  while (!signal.aborted) {
    const heartbeat = create(HeartbeatSchema, { id: verifierId, role: Role.VERIFIER, models, slots, busy: busy() })
    bus.emit('heartbeat', toBinary(HeartbeatSchema, heartbeat))
    await sleep(BEAT_MS, signal).catch(() => undefined)
  }
}
