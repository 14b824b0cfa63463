import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { CodedError } from '@camelid/errors'
import { type Server, type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from '@grpc/grpc-js'
import type { RpcServiceImpl } from './serve.ts'

/** grpc.health.v1 ServingStatus. */
const SERVING = 1
const NOT_SERVING = 2
const SERVICE_UNKNOWN = 3

const rawMethod = (name: string, responseStream: boolean) => ({
  path: `/grpc.health.v1.Health/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
  requestDeserialize: readRequest,
  responseSerialize: (value: number) => Buffer.from(new BinaryWriter().tag(1, WireType.Varint).int32(value).finish()),
  responseDeserialize: (bytes: Buffer) => bytes,
})

/**
 * The standard health service (grpc.health.v1), for grpc_health_probe and orchestrators. Its two messages have one field each:
 * written out here, they spare every process 60 ms of loading a parser for them.
 */
export function addHealth(server: Server, services: readonly RpcServiceImpl[]): { stopping(): void } {
  const known = new Set(['', ...services.map(({ service }) => service.typeName)])
  let serving = true
  const watchers = new Set<() => void>()
  const statusOf = (name: string) => (!known.has(name) ? SERVICE_UNKNOWN : serving ? SERVING : NOT_SERVING)
  server.addService(
    { check: rawMethod('Check', false), watch: rawMethod('Watch', true) },
    {
      check: (call: ServerUnaryCall<HealthRequest, number>, callback: sendUnaryData<number>) => {
        if (known.has(call.request.service)) callback(null, statusOf(call.request.service))
        else callback({ code: status.NOT_FOUND, details: `unknown service ${call.request.service}` })
      },
      watch: (call: ServerWritableStream<HealthRequest, number>) => {
        const send = () => {
          call.write(statusOf(call.request.service))
          if (!serving) call.end()
        }
        watchers.add(send)
        call.on('cancelled', () => watchers.delete(send))
        send()
      },
    },
  )
  return {
    stopping: () => {
      serving = false
      for (const send of watchers) send()
      watchers.clear()
    },
  }
}

/** Boxed: grpc-js takes an empty string for no request at all. */
interface HealthRequest {
  service: string
}

function readRequest(bytes: Buffer): HealthRequest {
  if (bytes.length > 1_000) throw new CodedError('INVALID_ARGUMENT', 'a service name is shorter than this')
  const reader = new BinaryReader(bytes)
  let service = ''
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (field === 1 && type === WireType.LengthDelimited) service = reader.string()
    else reader.skip(type, field)
  }
  return { service }
}
