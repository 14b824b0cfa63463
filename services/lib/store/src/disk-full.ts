/** PostgreSQL's disk_full: "could not extend file …: No space left on device". */
const DISK_FULL = '53100'

/** True when the server had no room on its disk for what it was asked to write; reading goes on, and writing once there is room. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === DISK_FULL
}
