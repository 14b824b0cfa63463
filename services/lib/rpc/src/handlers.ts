import type { EventEmitter } from 'node:events'
import type { Message } from '@bufbuild/protobuf'
import { CodedError } from '@camelid/errors'
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  Metadata,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js'
import type { CallContext } from './method-types.ts'
import { toStatus } from './status.ts'
import { readAll, writeAll } from './streams.ts'
import type { AnyInit } from './wire.ts'

export const TRACE_KEY = 'camelid-trace'

export interface HandlerLog {
  error: (fields: object, message: string) => void
}

type AnyCall =
  | ServerUnaryCall<Message, AnyInit>
  | ServerReadableStream<Message, AnyInit>
  | ServerWritableStream<Message, AnyInit>
  | ServerDuplexStream<Message, AnyInit>

interface Context {
  ctx: CallContext
  /** The call is over: whatever still waits on its signal may go. */
  end: () => void
}

/** grpc-js tells of cancelled calls, passed deadlines and broken connections by one event. */
function openContext(call: AnyCall): Context {
  const controller = new AbortController()
  const cancel = () => controller.abort(cancelled())
  const events: EventEmitter = call
  events.on('cancelled', cancel)
  if (call.cancelled) cancel()
  const metadata = textHeaders(call.metadata)
  const ctx: CallContext = { signal: controller.signal, metadata, trace: metadata.get(TRACE_KEY) }
  return {
    ctx,
    end: () => {
      events.off('cancelled', cancel)
      controller.abort(cancelled())
    },
  }
}

const cancelled = () => new CodedError('CANCELLED', 'the caller is gone or its deadline has passed')

function textHeaders(metadata: Metadata): ReadonlyMap<string, string> {
  const headers = new Map<string, string>()
  for (const [key, value] of Object.entries(metadata.getMap())) if (typeof value === 'string') headers.set(key, value)
  return headers
}

const logInternal = (log: HandlerLog, call: AnyCall) => (error: unknown) =>
  log.error({ err: error, method: call.getPath() }, 'a call failed')

type UnaryFn = (request: Message, ctx: CallContext) => Promise<AnyInit>
export function unaryHandler(handler: UnaryFn, log: HandlerLog): handleUnaryCall<Message, AnyInit> {
  return (call, callback) => {
    const context = openContext(call)
    void answerOnce(call, () => handler(call.request, context.ctx), context, { callback, log })
  }
}

type ServerStreamFn = (request: Message, ctx: CallContext) => AsyncIterable<AnyInit>
export function serverStreamHandler(
  handler: ServerStreamFn,
  log: HandlerLog,
): handleServerStreamingCall<Message, AnyInit> {
  return (call) => {
    const context = openContext(call)
    void respond(call, () => handler(call.request, context.ctx), context, log)
  }
}

type ClientStreamFn = (requests: AsyncIterable<Message>, ctx: CallContext) => Promise<AnyInit>
export function clientStreamHandler(
  handler: ClientStreamFn,
  log: HandlerLog,
): handleClientStreamingCall<Message, AnyInit> {
  return (call, callback) => {
    const context = openContext(call)
    const requests = readAll<Message>(call, context.ctx.signal, cancelled)
    void answerOnce(call, () => handler(requests, context.ctx), context, { callback, log })
  }
}

type BidiFn = (requests: AsyncIterable<Message>, ctx: CallContext) => AsyncIterable<AnyInit>
export function bidiHandler(handler: BidiFn, log: HandlerLog): handleBidiStreamingCall<Message, AnyInit> {
  return (call) => {
    const context = openContext(call)
    const requests = readAll<Message>(call, context.ctx.signal, cancelled)
    void respond(call, () => handler(requests, context.ctx), context, log)
  }
}

interface Answering {
  callback: sendUnaryData<AnyInit>
  log: HandlerLog
}

/** The one answer of a call, or its error. */
async function answerOnce(
  call: AnyCall,
  answer: () => Promise<AnyInit>,
  { end }: Context,
  { callback, log }: Answering,
) {
  try {
    callback(null, await answer())
  } catch (error) {
    callback(toStatus(error, logInternal(log, call)))
  } finally {
    end()
  }
}

/** Streams what `answer` gives, then ends the call, with its error if there was one. */
async function respond(
  call: ServerWritableStream<Message, AnyInit> | ServerDuplexStream<Message, AnyInit>,
  answer: () => AsyncIterable<AnyInit>,
  { ctx, end }: Context,
  log: HandlerLog,
): Promise<void> {
  // A reset stream reports itself here too; the signal already says so.
  call.on('error', () => undefined)
  try {
    await writeAll(call, answer(), ctx.signal)
    call.end()
  } catch (error) {
    if (ctx.signal.aborted) call.end()
    else call.emit('error', toStatus(error, logInternal(log, call)))
  } finally {
    end()
  }
}
