import type { DescMethod, Message } from '@bufbuild/protobuf'
import { type Client, Metadata, type MethodDefinition } from '@grpc/grpc-js'
import { TRACE_KEY } from './handlers.ts'
import type { CallOptions } from './method-types.ts'
import { fromStatus } from './status.ts'
import { writeAll } from './streams.ts'
import { type AnyInit, methodDefinition } from './wire.ts'

const UNARY_TIMEOUT_MS = 10_000

/** The function a client offers for one method, of the kind that its descriptor says. */
export function callOf(channel: Client, method: DescMethod): unknown {
  const definition = methodDefinition(method)
  switch (method.methodKind) {
    case 'unary':
      return (request: AnyInit, options: CallOptions = {}) => unary(channel, definition, request, options)
    case 'server_streaming':
      return (request: AnyInit, options: CallOptions = {}) => serverStream(channel, definition, request, options)
    case 'client_streaming':
      return (requests: AsyncIterable<AnyInit>, options: CallOptions = {}) =>
        clientStream(channel, definition, requests, options)
    case 'bidi_streaming':
      return (requests: AsyncIterable<AnyInit>, options: CallOptions = {}) =>
        bidiStream(channel, definition, requests, options)
  }
}

type Method = MethodDefinition<AnyInit, Message>

function unary(channel: Client, method: Method, request: AnyInit, options: CallOptions): Promise<Message> {
  const { requestSerialize, responseDeserialize, path } = method
  return settle(path, options, (done) =>
    channel.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      headers(options),
      deadline(options, UNARY_TIMEOUT_MS),
      done,
    ),
  )
}

async function clientStream(
  channel: Client,
  method: Method,
  requests: AsyncIterable<AnyInit>,
  options: CallOptions,
): Promise<Message> {
  const { requestSerialize, responseDeserialize, path } = method
  const over = new AbortController()
  try {
    return await settle(path, options, (done) => {
      const call = channel.makeClientStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        headers(options),
        deadline(options),
        done,
      )
      pump(call, requests, { over: over.signal, caller: options.signal })
      return call
    })
  } finally {
    over.abort()
  }
}

async function* serverStream(
  channel: Client,
  method: Method,
  request: AnyInit,
  options: CallOptions,
): AsyncGenerator<Message> {
  options.signal?.throwIfAborted()
  const { requestSerialize, responseDeserialize, path } = method
  const call = channel.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    headers(options),
    deadline(options),
  )
  yield* received(call, path, options)
}

async function* bidiStream(
  channel: Client,
  method: Method,
  requests: AsyncIterable<AnyInit>,
  options: CallOptions,
): AsyncGenerator<Message> {
  options.signal?.throwIfAborted()
  const { requestSerialize, responseDeserialize, path } = method
  const call = channel.makeBidiStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    headers(options),
    deadline(options),
  )
  const over = new AbortController()
  pump(call, requests, { over: over.signal, caller: options.signal })
  try {
    yield* received(call, path, options)
  } finally {
    over.abort()
  }
}

type Cancellable = { cancel(): void }
type Done = (error: Error | null, response?: Message) => void

/** One answer or one failure, cancelled by the caller's signal. */
function settle(path: string, { signal }: CallOptions, start: (done: Done) => Cancellable): Promise<Message> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(reasonOf(signal))
    const call = start((error, response) => {
      signal?.removeEventListener('abort', cancel)
      if (error && signal?.aborted) reject(reasonOf(signal))
      else if (error || response === undefined) reject(failure(error, path))
      else resolve(response)
    })
    const cancel = () => call.cancel()
    signal?.addEventListener('abort', cancel, { once: true })
  })
}

/** Every message the server sends; leaving the loop early cancels the call. */
async function* received(
  call: Cancellable & AsyncIterable<Message>,
  path: string,
  { signal }: CallOptions,
): AsyncGenerator<Message> {
  const cancel = () => call.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    for await (const message of call) yield message
  } catch (error) {
    signal?.throwIfAborted()
    throw failure(error, path)
  } finally {
    signal?.removeEventListener('abort', cancel)
    call.cancel()
  }
}

interface PumpSignals {
  /** The call has ended. */
  over: AbortSignal
  caller: AbortSignal | undefined
}

/**
 * Sends the caller's messages. A source that fails cancels the call, and one that ends because the caller aborted does not end it
 * in order: half of a conversation must never look like the whole to the server.
 */
function pump(
  call: Cancellable & Parameters<typeof writeAll>[0],
  requests: AsyncIterable<AnyInit>,
  { over, caller }: PumpSignals,
): void {
  writeAll(call, requests, over).then(
    () => (over.aborted || caller?.aborted ? undefined : call.end()),
    () => call.cancel(),
  )
}

function headers({ waitForReady = false, trace }: CallOptions): Metadata {
  const metadata = new Metadata({ waitForReady })
  if (trace !== undefined) metadata.set(TRACE_KEY, trace)
  return metadata
}

function deadline({ timeoutMs }: CallOptions, fallbackMs = Number.POSITIVE_INFINITY): { deadline?: number } {
  const ms = timeoutMs ?? fallbackMs
  return Number.isFinite(ms) ? { deadline: Date.now() + ms } : {}
}

/** What a caller's abort is told as. */
export const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('the caller cancelled')

function failure(error: unknown, path: string): Error {
  const translated = fromStatus(error, path)
  return translated instanceof Error ? translated : new Error(`${path} failed`)
}
