import assert from 'node:assert/strict'

// Vector files come as `unknown`: these narrow them, and fail the test that reads a file of another form.

export function asArray(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value), 'the vector file holds something else where a list was expected')
  return value
}

export function asText(value: unknown): string {
  assert.ok(typeof value === 'string', 'the vector file holds something else where text was expected')
  return value
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(
    typeof value === 'object' && value !== null,
    'the vector file holds something else where an object was expected',
  )
  return { ...value }
}
