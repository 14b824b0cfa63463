import type { DescMessage, DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'

export interface CallContext {
  /** Aborts when the caller cancels, its deadline passes or the connection breaks. */
  signal: AbortSignal
  /** Text headers of the call. */
  metadata: ReadonlyMap<string, string>
  /** 32 hex digits that tie log lines of several services together; given by the caller if it had one. */
  trace: string | undefined
}

export interface CallOptions {
  signal?: AbortSignal
  /** Milliseconds for the whole call. Unary calls: 10 s if not given; streams: none. */
  timeoutMs?: number
  /** Wait for the server to come up instead of failing at once with UNAVAILABLE. */
  waitForReady?: boolean
  trace?: string | undefined
}

interface MethodShape {
  methodKind: DescMethod['methodKind']
  input: DescMessage
  output: DescMessage
}
export type TypedService = DescService & { method: Record<string, MethodShape> }

type In<M extends MethodShape> = MessageShape<M['input']>
type Out<M extends MethodShape> = MessageShape<M['output']>
type InInit<M extends MethodShape> = MessageInitShape<M['input']>
type OutInit<M extends MethodShape> = MessageInitShape<M['output']>

/** What a service implements for a method of each of the four kinds. */
type Handler<M extends MethodShape> = M['methodKind'] extends 'unary'
  ? (request: In<M>, ctx: CallContext) => Promise<OutInit<M>>
  : M['methodKind'] extends 'server_streaming'
    ? (request: In<M>, ctx: CallContext) => AsyncIterable<OutInit<M>>
    : M['methodKind'] extends 'client_streaming'
      ? (requests: AsyncIterable<In<M>>, ctx: CallContext) => Promise<OutInit<M>>
      : (requests: AsyncIterable<In<M>>, ctx: CallContext) => AsyncIterable<OutInit<M>>

/** What a caller sees of a method of each of the four kinds. */
type ClientMethod<M extends MethodShape> = M['methodKind'] extends 'unary'
  ? (request: InInit<M>, options?: CallOptions) => Promise<Out<M>>
  : M['methodKind'] extends 'server_streaming'
    ? (request: InInit<M>, options?: CallOptions) => AsyncIterable<Out<M>>
    : M['methodKind'] extends 'client_streaming'
      ? (requests: AsyncIterable<InInit<M>>, options?: CallOptions) => Promise<Out<M>>
      : (requests: AsyncIterable<InInit<M>>, options?: CallOptions) => AsyncIterable<Out<M>>

export type ServiceHandlers<S extends TypedService> = { [K in keyof S['method']]: Handler<S['method'][K]> }
export type RpcClient<S extends TypedService> = { [K in keyof S['method']]: ClientMethod<S['method'][K]> } & {
  /** Resolves once the server answers; throws UNAVAILABLE after `timeoutMs`. */
  ready(options: { signal?: AbortSignal; timeoutMs: number }): Promise<void>
  close(): void
}
