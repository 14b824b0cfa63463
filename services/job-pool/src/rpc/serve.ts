import { JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { type RpcServer, serveRpc, serviceImpl } from '@camelid/rpc'
import type { Pool } from '../pool.ts'
import { accept } from './accept.ts'
import { check } from './check.ts'
import { findMissing } from './find-missing.ts'
import { getJob } from './get-job.ts'
import { getNode } from './get-node.ts'
import { listJobs } from './list-jobs.ts'
import { listOpenJobs } from './list-open-jobs.ts'
import { watchJobs } from './watch-jobs.ts'

/** Binds the verbs of this service to its gRPC methods. */
export async function serve(pool: Pool): Promise<RpcServer> {
  const service = serviceImpl(JobPoolService, {
    accept: (requests) => accept(pool, requests),
    getJob: (request) => getJob(pool, request),
    listJobs: (request) => listJobs(pool, request),
    listOpenJobs: (request) => listOpenJobs(pool, request),
    findMissing: (request) => findMissing(pool, request),
    watchJobs: (request, { signal }) => watchJobs(pool, request, signal),
    getNode: () => getNode(pool),
    check: (request) => check(pool, request),
  })
  const { GRPC_HOST: host, GRPC_PORT: port } = pool.config
  const server = await serveRpc({ host, port, services: [service], log: pool.log })
  pool.log.info({ host, port: server.port }, 'gRPC listens')
  return server
}
