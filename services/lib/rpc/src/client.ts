import { Client, credentials } from '@grpc/grpc-js'
import { callOf, reasonOf } from './calls.ts'
import type { RpcClient, TypedService } from './method-types.ts'
import { RpcError } from './rpc-error.ts'
import { DEFAULT_MAX_MESSAGE_BYTES } from './serve.ts'

const UNAVAILABLE = 14

interface ClientOptions {
  maxMessageBytes?: number
}

/**
 * A client of `service` at `host:port`; connects when first used and reconnects by itself.
 * Calls throw RpcError, or the signal's reason when the caller aborted.
 */
export function rpcClient<S extends TypedService>(
  service: S,
  address: string,
  options: ClientOptions = {},
): RpcClient<S> {
  const maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES
  const channel = new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    // A proxy meant for the web must not see the services' own calls.
    'grpc.enable_http_proxy': 0,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.min_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.keepalive_time_ms': 20_000,
    'grpc.keepalive_timeout_ms': 10_000,
  })
  const methods: Record<string, unknown> = {
    ready: (wait: { signal?: AbortSignal; timeoutMs: number }) => ready(channel, address, wait),
    close: () => channel.close(),
  }
  for (const method of service.methods) methods[method.localName] = callOf(channel, method)
  // Built from the same descriptor the type is derived from; the loop above is beyond what a type can follow.
  return methods as RpcClient<S>
}

function ready(
  channel: Client,
  address: string,
  { signal, timeoutMs }: { signal?: AbortSignal; timeoutMs: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(reasonOf(signal))
    const abort = () => signal && reject(reasonOf(signal))
    signal?.addEventListener('abort', abort, { once: true })
    channel.waitForReady(Date.now() + timeoutMs, (error) => {
      signal?.removeEventListener('abort', abort)
      if (error)
        reject(
          new RpcError('UNAVAILABLE', `no gRPC server answers at ${address}`, { status: UNAVAILABLE, cause: error }),
        )
      else resolve()
    })
  })
}
