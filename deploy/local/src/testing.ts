/** Real servers for tests: PostgreSQL shared by a test process, with a fresh database for each test, and NATS. */
export { freshDatabase, startTestPostgres, type TestDatabase, testPostgres, type TestPostgres } from './testing/postgres.ts'
export { startTestNats, type TestNats } from './testing/nats.ts'
export { freePort } from './ports.ts'
