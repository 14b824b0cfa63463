import { randomBytes } from 'node:crypto'

const TRACE_ID = /^[0-9a-f]{32}$/

/** 32 hex digits that tie together what several services log about one thing. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex')
}

/** The trace of a job: the first 16 bytes of its id, so that every service finds it without being told. */
export function traceIdOfJob(jobId: Uint8Array): string {
  return Buffer.from(jobId.subarray(0, 16)).toString('hex')
}

/** A trace id received from outside, or a new one if it does not look like one. */
export function acceptTraceId(value: string | undefined): string {
  return value !== undefined && TRACE_ID.test(value) ? value : newTraceId()
}
