import { displayHash } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { type GetNodeResponse, JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { formatCoins } from '../amount.ts'
import { printFields, printJson, printLine, printTable } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** `camelid node status` */
export async function showNode({
  jobPool,
  gateway,
  json,
}: {
  jobPool: string
  gateway: string
  json?: true
}): Promise<void> {
  const node = await withService({ name: 'job-pool', definition: JobPoolService, address: jobPool }, (client) =>
    client.getNode({}),
  )
  const { peers } = await withService({ name: 'gateway', definition: GatewayService, address: gateway }, (client) =>
    client.listPeers({}),
  )
  const view = toView(node, peers.length)
  if (json) {
    printJson(view)
    return
  }
  printFields([
    ['node key', view.nodeKey],
    ['node address', view.nodeAddress],
    ['reward address', view.rewardAddress],
    ['funds', `${formatCoins(view.funds)} coins`],
    ['peers', String(view.peers)],
    ['takes jobs', view.waitingFor.length === 0 ? 'yes' : `no, it waits for ${view.waitingFor.join('; ')}`],
  ])
  printLine()
  const bonds = view.bonds.map((bond) => [
    bond.outpoint,
    formatCoins(bond.value),
    String(bond.height),
    bond.aged ? 'yes' : 'no',
    bond.jobId,
  ])
  printTable(['bond slot', 'coins', 'height', 'aged', 'job'], bonds, 'no bond slots')
  printLine()
  const models = view.models.map((model) => [
    model.sha256,
    String(model.workers),
    String(model.verifiers),
    model.engine,
    model.backend,
  ])
  printTable(['model', 'workers', 'verifiers', 'engine', 'backend'], models, 'no workers')
}

function toView(node: GetNodeResponse, peers: number) {
  return {
    nodeKey: bytesToHex(node.nodeKey),
    nodeAddress: node.nodeAddress,
    rewardAddress: node.rewardAddress,
    funds: node.funds,
    peers,
    waitingFor: node.waitingFor,
    bonds: node.bonds.map(({ txid, index, value, height, unbondHeight, jobId, aged }) => ({
      outpoint: `${displayHash(txid)}:${index}`,
      value,
      height,
      unbondHeight,
      jobId: bytesToHex(jobId),
      aged,
    })),
    models: node.models.map(({ modelSha256, workers, verifiers, engine, backend }) => ({
      sha256: bytesToHex(modelSha256),
      workers,
      verifiers,
      engine,
      backend,
    })),
  }
}
