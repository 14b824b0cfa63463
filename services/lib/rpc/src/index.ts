export { rpcClient } from './client.ts'
export type { CallContext, CallOptions, RpcClient, ServiceHandlers, TypedService } from './method-types.ts'
export { RpcError } from './rpc-error.ts'
export { type RpcServer, type RpcServiceImpl, serveRpc, serviceImpl } from './serve.ts'
