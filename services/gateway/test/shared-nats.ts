import { startTestNats, type TestNats } from '@camelid/local/testing'

let nats: Promise<TestNats> | undefined

/** What the farms of one test file share: a NATS server, in which each has a name of its own. */
export function sharedNats(): Promise<TestNats> {
  nats ??= startTestNats()
  return nats
}
