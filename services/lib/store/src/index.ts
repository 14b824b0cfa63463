export { isConnectionError } from './connection-error.ts'
export { openStore, type Store } from './open-store.ts'
export type { AnySql, Sql, TransactionSql } from './sql.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
