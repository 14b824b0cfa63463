/** Owns every database of a testnet. */
export const POSTGRES_ACCOUNT = 'camelid'

/** `postgres://…` of a database on this server. */
export function postgresUrl({
  port,
  password,
  database,
}: {
  port: number
  password: string
  database: string
}): string {
  return `postgres://${POSTGRES_ACCOUNT}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}
