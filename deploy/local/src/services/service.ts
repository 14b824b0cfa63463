import { join } from 'node:path'
import { SERVICES_DIR } from '../checkout.ts'
import { boundsOf } from './bounds.ts'
import type { Overrides, Role, ServiceName } from './names.ts'
import type { ServiceSpec } from './start.ts'

export const HOST = '127.0.0.1'

export interface LocalService extends ServiceSpec {
  readonly name: ServiceName
  readonly role: Role
  readonly httpPort: number
}

/** What all services of a testnet are told alike. */
export interface Common {
  readonly compileCache: string
  readonly overrides: Overrides
  /** Several nodes share the machine. */
  readonly lean: boolean
}

interface ServiceOptions {
  name: ServiceName
  role: Role
  /** Under services/. */
  folder: string
  nodeName: string
  httpPort: number
  env: Readonly<Record<string, string>>
}

/** One service with its whole environment. */
export function localService(options: ServiceOptions, { compileCache, overrides, lean }: Common): LocalService {
  const { name, role, folder, nodeName, httpPort, env } = options
  const common = {
    NETWORK: 'local',
    NODE_NAME: nodeName,
    HTTP_HOST: HOST,
    HTTP_PORT: String(httpPort),
    LOG_FORMAT: 'pretty',
    NODE_COMPILE_CACHE: compileCache,
  }
  return {
    name,
    role,
    script: join(SERVICES_DIR, folder, 'src/main.ts'),
    httpPort,
    env: { ...common, ...env, ...boundsOf(role, lean), ...overrides[role], ...overrides[name] },
  }
}
