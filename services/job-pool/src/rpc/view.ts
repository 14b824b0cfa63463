import type { MessageInitShape } from '@bufbuild/protobuf'
import type { JobState } from '@camelid/job'
import { type JobViewSchema, JobState as ProtoState } from '@camelid/proto/jobpool/v1/job_pool_pb'
import type { JobRecord } from '../store/jobs.ts'

const PROTO_STATES = {
  created: ProtoState.CREATED,
  accepted: ProtoState.ACCEPTED,
  committed: ProtoState.COMMITTED,
  paid: ProtoState.PAID,
  delivered: ProtoState.DELIVERED,
  settled: ProtoState.SETTLED,
  expired: ProtoState.EXPIRED,
  slashed: ProtoState.SLASHED,
} as const satisfies Record<JobState, ProtoState>

export function protoState(state: JobState): ProtoState {
  return PROTO_STATES[state]
}

/** The state a request names, null where it names none. */
export function stateOf(proto: ProtoState): JobState | null {
  for (const [state, value] of Object.entries(PROTO_STATES)) {
    // Keys of PROTO_STATES are states; Object.entries forgets that.
    if (value === proto) return state as JobState
  }
  return null
}

/** A job as gRPC shows it. `tokens`: how many its node says to have. */
export function jobView(
  record: JobRecord,
  extra: { readonly tokens: number; readonly nodeKey: Uint8Array | null },
): MessageInitShape<typeof JobViewSchema> {
  const { job } = record
  return {
    jobId: record.id,
    state: protoState(record.state),
    job: record.jobBytes,
    modelSha256: job.modelSha256,
    modelName: job.modelName,
    reward: job.reward,
    fee: job.fee,
    createdMs: BigInt(record.firstSeenMs),
    timelock: job.timelock,
    nodeKey: extra.nodeKey ?? new Uint8Array(0),
    tokens: extra.tokens,
    paymentTxid: record.paymentTxid ?? new Uint8Array(0),
    reason: record.reason,
    mine: record.mine,
  }
}
