import { create, toBinary } from '@bufbuild/protobuf'
import { encodeDelivery, encodeOpening, hashDelivery } from '@camelid/codec'
import { deliveryEphemeral, deliverySalt, eciesEncrypt } from '@camelid/crypto'
import { DeliverySchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { keepStatement } from '../keep-statement.ts'
import type { Pool } from '../pool.ts'
import type { JobRecord } from '../store/jobs.ts'
import type { HeldMessage } from '../store/statements.ts'
import type { WorkRecord } from '../store/work.ts'

/** The output, encrypted to the client: from the node's secret and the job alone, so always the same bytes (protocol §5). */
export async function deliverJob(
  pool: Pool,
  record: JobRecord,
  work: WorkRecord,
  commitmentHash: Uint8Array,
): Promise<HeldMessage> {
  const { output } = work
  if (output === null) throw new Error(`job ${record.hex} is committed without an output`)
  const { nodeSecret, nodeKey } = pool.keys
  const salt = deliverySalt(nodeSecret, record.id)
  const ciphertext = eciesEncrypt({
    plaintext: encodeOpening({ tokenIds: output.tokenIds, text: output.text, salt }),
    clientKey: record.job.clientKey,
    commitmentHash,
    ephemeralSecret: deliveryEphemeral(nodeSecret, record.id),
  })
  const hash = hashDelivery({ commitmentHash, ciphertext })
  const statement = encodeDelivery({ commitmentHash, ciphertext }, pool.keys.sign(hash))
  const held: HeldMessage = {
    kind: MessageType.DELIVERY,
    hash,
    nodeKey,
    commitmentHash,
    payload: toBinary(DeliverySchema, create(DeliverySchema, { jobId: record.id, statement })),
    seenMs: Math.round(pool.clock.nowMs()),
    checked: true,
  }
  await keepStatement(pool, record.id, held)
  return held
}
