import { CodedError } from '@camelid/errors'
import type { status as Status } from '@grpc/grpc-js'

/**
 * A failed call. `code` is the code the other service gave, or UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED,
 * RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL when the call itself failed; `status` is the gRPC status number.
 */
export class RpcError extends CodedError {
  readonly status: Status

  constructor(
    code: string,
    message: string,
    options: ConstructorParameters<typeof CodedError>[2] & { status: Status },
  ) {
    super(code, message, options)
    this.status = options.status
  }
}
