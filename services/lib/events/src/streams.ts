import type { JetStreamManager, StreamConfig } from '@nats-io/jetstream'
import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { Scope } from './subjects.ts'

/** Ids, job bytes and results; blocks never travel here. */
export const MAX_MESSAGE_BYTES = 512 * 1024

const MIB = 1024 * 1024
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

type StreamSpec = Pick<
  StreamConfig,
  'subjects' | 'retention' | 'max_bytes' | 'max_age' | 'discard' | 'duplicate_window'
>

/** Events age out: who was away for longer rebuilds from the owner of the state. */
const events = (subject: string): StreamSpec => ({
  subjects: [subject],
  retention: RetentionPolicy.Limits,
  max_bytes: 64 * MIB,
  max_age: nanos(24 * HOUR_MS),
  discard: DiscardPolicy.Old,
  duplicate_window: nanos(10 * MINUTE_MS),
})

/** Work stays until one worker confirms it; a full queue refuses instead of forgetting. */
const queue = (subject: string): StreamSpec => ({
  subjects: [subject],
  retention: RetentionPolicy.Workqueue,
  max_bytes: 64 * MIB,
  max_age: nanos(HOUR_MS),
  discard: DiscardPolicy.New,
  duplicate_window: nanos(2 * MINUTE_MS),
})

const SPECS = {
  CHAIN: events('chain.>'),
  JOBS: events('job.>'),
  RESULTS: { ...events('result.>'), max_age: nanos(HOUR_MS), duplicate_window: nanos(2 * MINUTE_MS) },
  DEAD: events('dead.>'),
  WORK: queue('work.*'),
  VERIFY: queue('verify.*'),
} as const satisfies Record<string, StreamSpec>

export type StreamName = keyof typeof SPECS

/** Creates what is missing and adjusts what differs; every service may do it at the same time. */
export async function ensureStreams(manager: JetStreamManager, scope: Scope): Promise<void> {
  await Promise.all(
    Object.entries(SPECS).map(([name, spec]) =>
      ensureStream(manager, {
        ...spec,
        name: scope.streamName(name),
        subjects: spec.subjects.map((subject) => scope.prefix + subject),
        storage: StorageType.File,
        max_msg_size: MAX_MESSAGE_BYTES,
        num_replicas: 1,
      }),
    ),
  )
}

async function ensureStream(
  manager: JetStreamManager,
  config: Pick<StreamConfig, 'name'> & Partial<StreamConfig>,
): Promise<void> {
  try {
    await manager.streams.add(config)
  } catch (error) {
    // It exists with other limits, set by another release: ours are the current ones.
    if (!(error instanceof JetStreamApiError && error.code === STREAM_NAME_IN_USE)) throw error
    await manager.streams.update(config.name, config)
  }
}

/** JSStreamNameExistErr: the name is taken by a stream of another configuration. */
const STREAM_NAME_IN_USE = 10_058
