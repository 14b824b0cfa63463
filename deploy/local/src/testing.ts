/** Real servers for tests: PostgreSQL shared by a test process, with a fresh database for each test, and NATS. */

export { freePort } from './ports/check.ts'
export { startTestNats, type TestNats } from './testing/nats.ts'
export {
  freshDatabase,
  startTestPostgres,
  type TestDatabase,
  type TestPostgres,
  testPostgres,
} from './testing/postgres.ts'
export { ServiceProcess } from './testing/service-process.ts'
