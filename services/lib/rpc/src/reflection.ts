import { type DescFile, toBinary } from '@bufbuild/protobuf'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { type Server, type ServerDuplexStream, status } from '@grpc/grpc-js'
import type { RpcServiceImpl } from './serve.ts'

const VERSIONS = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'] as const
const MAX_REQUEST_BYTES = 4_096

/** Field numbers of ServerReflectionRequest's questions. */
const FILE_BY_FILENAME = 3
const FILE_CONTAINING_SYMBOL = 4
const LIST_SERVICES = 7
/** Field numbers of ServerReflectionResponse's answers. */
const ORIGINAL_REQUEST = 2
const FILE_DESCRIPTORS = 4
const SERVICES = 6
const ERROR = 7

type Question = { field: number; text: string; raw: Uint8Array }

/** Server reflection, so that grpcurl and the like need no .proto files. Extensions do not exist in proto3 services. */
export function addReflection(server: Server, services: readonly RpcServiceImpl[]): void {
  const files = new Map<string, DescFile>()
  for (const { service } of services) collect(service.file, files)
  for (const version of VERSIONS) {
    const method = {
      path: `/${version}.ServerReflection/ServerReflectionInfo`,
      requestStream: true,
      responseStream: true,
      requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
      requestDeserialize: readQuestion,
      responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
      responseDeserialize: (bytes: Buffer) => bytes,
    }
    server.addService(
      { serverReflectionInfo: method },
      {
        serverReflectionInfo: (call: ServerDuplexStream<Question, Uint8Array>) => {
          call.on('data', (question: Question) => call.write(answer(question, services, files)))
          call.on('end', () => call.end())
          call.on('error', () => undefined)
        },
      },
    )
  }
}

function collect(file: DescFile, files: Map<string, DescFile>): void {
  if (files.has(file.name)) return
  // Descriptor file names come without the suffix that clients ask for.
  files.set(file.name, file)
  for (const dependency of file.dependencies) collect(dependency, files)
}

function readQuestion(bytes: Buffer): Question {
  const question: Question = { field: 0, text: '', raw: new Uint8Array(bytes.subarray(0, MAX_REQUEST_BYTES)) }
  if (bytes.length > MAX_REQUEST_BYTES) return question
  const reader = new BinaryReader(question.raw)
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (type === WireType.LengthDelimited && field >= FILE_BY_FILENAME) {
      question.text = reader.string()
      question.field = field
    } else reader.skip(type, field)
  }
  return question
}

function answer(
  { field, text, raw }: Question,
  services: readonly RpcServiceImpl[],
  files: Map<string, DescFile>,
): Uint8Array {
  const writer = new BinaryWriter().tag(ORIGINAL_REQUEST, WireType.LengthDelimited).bytes(raw)
  if (field === LIST_SERVICES) {
    writer.tag(SERVICES, WireType.LengthDelimited).fork()
    for (const { service } of services)
      writer.tag(1, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string(service.typeName).join()
    return writer.join().finish()
  }
  const file =
    field === FILE_BY_FILENAME
      ? files.get(text.replace(/\.proto$/, ''))
      : field === FILE_CONTAINING_SYMBOL
        ? owner(text, files)
        : undefined
  if (!file) {
    writer.tag(ERROR, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.Varint).int32(status.NOT_FOUND)
    return writer.tag(2, WireType.LengthDelimited).string(`not known here: ${text}`).join().finish()
  }
  const proto = toBinary(FileDescriptorProtoSchema, file.proto)
  return writer
    .tag(FILE_DESCRIPTORS, WireType.LengthDelimited)
    .fork()
    .tag(1, WireType.LengthDelimited)
    .bytes(proto)
    .join()
    .finish()
}

/** The file that defines a service, method, message or enum of this full name. */
function owner(symbol: string, files: Map<string, DescFile>): DescFile | undefined {
  for (const file of files.values()) {
    const names = [...file.messages, ...file.enums, ...file.services].map(({ typeName }) => typeName)
    if (names.some((name) => symbol === name || symbol.startsWith(`${name}.`))) return file
  }
  return undefined
}
