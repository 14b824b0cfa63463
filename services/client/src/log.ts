import type { createLogger } from '@camelid/runtime'

/** The service's logger. */
export type Log = Awaited<ReturnType<typeof createLogger>>
