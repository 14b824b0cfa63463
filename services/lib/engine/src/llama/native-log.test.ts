import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NativeLog, warningsOf } from './native-log.ts'

/** ggml_log_level. */
const [INFO, WARNING, ERROR, CONTINUED] = [2, 3, 4, 5]

test('lines that come in parts are told whole, once', () => {
  const log = new NativeLog()
  log.write(INFO, 'loading ')
  log.write(CONTINUED, '.')
  log.write(CONTINUED, '.\nnext')
  log.write(WARNING, ' line\n')
  log.write(ERROR, 'failed  \nand no end')
  const lines = log.take()
  assert.deepEqual(lines, [
    { text: 'loading ..', isWarning: false },
    { text: 'next line', isWarning: true },
    { text: 'failed', isWarning: true },
  ])
  assert.equal(warningsOf(lines), 'next line; failed')
  log.write(INFO, 'another\n')
  assert.deepEqual(log.take(), [{ text: 'another', isWarning: false }])
})
