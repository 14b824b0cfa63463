import type { MessageInitShape } from '@bufbuild/protobuf'
import { encodeAddress } from '@camelid/codec'
import { hexToBytes } from '@camelid/crypto'
import { isAged } from '@camelid/job'
import type { GetNodeResponseSchema } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { Role } from '@camelid/proto/work/v1/work_pb'
import type { Pool } from '../pool.ts'
import { loadSlots } from '../store/bonds.ts'
import type { AliveModel } from '../work/worker-table.ts'

/** This node: its key, bonds and models, and what it still waits for before it can take jobs. */
export async function getNode(pool: Pool): Promise<MessageInitShape<typeof GetNodeResponseSchema>> {
  const slots = (await loadSlots(pool.sql)).filter((slot) => !slot.spent)
  const tipHeight = pool.tip.height
  const workers = pool.workers.alive(Role.WORKER)
  const verifiers = pool.workers.alive(Role.VERIFIER)
  const aged = slots.filter((slot) => tipHeight !== null && isAged(slot.height, tipHeight, pool.params))
  return {
    nodeKey: pool.keys.nodeKey,
    nodeAddress: encodeAddress(pool.keys.nodeHash),
    rewardAddress: encodeAddress(pool.keys.rewardHash),
    bonds: slots.map((slot) => ({
      txid: slot.outpoint.txid,
      index: slot.outpoint.index,
      value: slot.value,
      height: slot.height,
      unbondHeight: slot.unbondHeight,
      jobId: slot.jobId ?? new Uint8Array(0),
      aged: aged.includes(slot),
    })),
    models: models(workers, verifiers),
    waitingFor: waitingFor(pool, { aged: aged.length, workers, verifiers }),
    funds: pool.bondStatus.funds,
  }
}

function models(workers: readonly AliveModel[], verifiers: readonly AliveModel[]) {
  const all = new Map([...verifiers, ...workers].map((model) => [model.sha256, model]))
  return [...all.values()].map((model) => ({
    modelSha256: hexToBytes(model.sha256),
    workers: workers.filter((worker) => worker.sha256 === model.sha256).length,
    verifiers: verifiers.filter((verifier) => verifier.sha256 === model.sha256).length,
    engine: model.engine,
    backend: model.backend,
  }))
}

/** Empty when the node takes jobs; each line names what is missing and the fix. */
function waitingFor(
  pool: Pool,
  facts: { readonly aged: number; readonly workers: readonly AliveModel[]; readonly verifiers: readonly AliveModel[] },
): string[] {
  const lines: string[] = []
  if (pool.tip.height === null) lines.push(`chain: no answer at ${pool.config.CHAIN_URL}`)
  if (facts.aged === 0) {
    const age = `bonds: no slot is ${pool.params.bondAge} blocks old yet`
    lines.push(...(pool.bondStatus.waitingFor.length > 0 ? pool.bondStatus.waitingFor : [age]))
  }
  if (facts.workers.length === 0) lines.push('workers: no inference-worker is alive')
  if (pool.config.SELF_CHECK && facts.verifiers.length === 0) {
    lines.push('verifier: none is alive; start one, or set SELF_CHECK=off')
  }
  return lines
}
