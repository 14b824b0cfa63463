export type { Logger } from 'pino'
export { type BaseConfig, baseEnv } from './base-env.ts'
export { type Clock, systemClock } from './clock.ts'
export { ConfigError } from './config-error.ts'
export {
  flagField,
  hostPortField,
  intField,
  listField,
  numberField,
  portField,
  secretField,
  urlField,
} from './fields.ts'
export { createLogger } from './logger.ts'
export { machineMemory } from './machine-memory.ts'
export { makeDirectory } from './make-directory.ts'
export { parseEnv } from './parse-env.ts'
export { retry } from './retry.ts'
export { runService, type ServiceContext } from './run-service.ts'
export { readSecretFile } from './secret-file.ts'
export { sleep } from './sleep.ts'
export { TokenBucket } from './token-bucket.ts'
export { acceptTraceId, newTraceId, traceIdOfJob } from './trace.ts'
export { writeOnce } from './write-once.ts'
