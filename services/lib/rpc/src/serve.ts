import type { Message } from '@bufbuild/protobuf'
import { CodedError } from '@camelid/errors'
import {
  type handleBidiStreamingCall,
  type handleClientStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { bidiHandler, clientStreamHandler, type HandlerLog, serverStreamHandler, unaryHandler } from './handlers.ts'
import { addHealth } from './health.ts'
import type { ServiceHandlers, TypedService } from './method-types.ts'
import { addReflection } from './reflection.ts'
import { type AnyInit, methodDefinition } from './wire.ts'

/** Blocks and batches of proofs fit; more is refused before it is parsed. */
export const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024
const DRAIN_MS = 2_000

export interface RpcServiceImpl {
  readonly service: TypedService
  readonly definition: ServiceDefinition
  implementation: (log: HandlerLog) => UntypedServiceImplementation
}

/** Binds handlers, one per method by its camelCase name, to a service's descriptor. */
export function serviceImpl<S extends TypedService>(service: S, handlers: ServiceHandlers<S>): RpcServiceImpl {
  const definition: Record<string, ReturnType<typeof methodDefinition>> = {}
  for (const method of service.methods) definition[method.localName] = methodDefinition(method)
  return {
    service,
    definition,
    implementation: (log) => {
      const implementation: UntypedServiceImplementation = {}
      for (const method of service.methods)
        implementation[method.localName] = adapt(method.methodKind, handlers[method.localName], log)
      return implementation
    },
  }
}

type GrpcHandler =
  | handleUnaryCall<Message, AnyInit>
  | handleServerStreamingCall<Message, AnyInit>
  | handleClientStreamingCall<Message, AnyInit>
  | handleBidiStreamingCall<Message, AnyInit>

/** The descriptor's kind decides what the handler is; the type checker held the caller of serviceImpl to it. */
function adapt(
  kind: 'unary' | 'server_streaming' | 'client_streaming' | 'bidi_streaming',
  handler: unknown,
  log: HandlerLog,
): GrpcHandler {
  switch (kind) {
    case 'unary':
      return unaryHandler(handler as Parameters<typeof unaryHandler>[0], log)
    case 'server_streaming':
      return serverStreamHandler(handler as Parameters<typeof serverStreamHandler>[0], log)
    case 'client_streaming':
      return clientStreamHandler(handler as Parameters<typeof clientStreamHandler>[0], log)
    case 'bidi_streaming':
      return bidiHandler(handler as Parameters<typeof bidiHandler>[0], log)
  }
}

interface ServeOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  services: readonly RpcServiceImpl[]
  log: HandlerLog
  maxMessageBytes?: number
}

export interface RpcServer extends AsyncDisposable {
  readonly port: number
}

/** Serves until disposed: then running calls get two seconds to end before they are cut. */
export async function serveRpc({
  host,
  port,
  services,
  log,
  maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES,
}: ServeOptions): Promise<RpcServer> {
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
  })
  for (const service of services)
    if (service.service.methods.length > 0) server.addService(service.definition, service.implementation(log))
  const health = addHealth(server, services)
  addReflection(server, services)
  const bound = await bind(server, host, port)
  return {
    port: bound,
    [Symbol.asyncDispose]: async () => {
      health.stopping()
      await stop(server)
    },
  }
}

function bind(server: Server, host: string, port: number): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
      if (error)
        reject(
          new CodedError('RPC_PORT_TAKEN', `gRPC cannot listen on ${address}: ${error.message}`, {
            data: { host, port },
            cause: error,
          }),
        )
      else resolve(bound)
    })
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown()
      resolve()
    }, DRAIN_MS)
    server.tryShutdown(() => {
      clearTimeout(force)
      resolve()
    })
  })
}
