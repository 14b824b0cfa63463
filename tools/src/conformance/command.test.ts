import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { conformance, judged, sums, withFile } from './testing.ts'

const MAIN = join(import.meta.dirname, 'main.ts')
const run = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
const PASSES = ['61', '2g']
const FAILS = ['61', '2h']

test('the command exits 0 where every row of every file passes, and 1 where one fails', () => {
  withFile([PASSES], (good) => {
    const passed = run('base58', good, good)
    assert.equal(passed.status, 0, passed.stderr)
    assert.match(passed.stdout, sums(2, 0, 0))
    withFile([PASSES, FAILS], (bad) => {
      const failed = run('base58', good, bad)
      assert.equal(failed.status, 1)
      assert.match(failed.stdout, /: 1 rows, 1 passed, 0 failed, 0 skipped\n/)
      assert.match(failed.stdout, /: 2 rows, 1 passed, 1 failed, 0 skipped\n {2}FAILED row 2: 61 became 2g, not 2h\n/)
      assert.match(failed.stdout, sums(2, 1, 0))
    })
  })
})

test('a file that is not there is NOT RUN, and the others are judged all the same', () => {
  withFile([PASSES], (good) => {
    const missing = run('base58', '/nowhere/base58.json', good)
    assert.equal(missing.status, 1)
    assert.match(missing.stdout, /^\/nowhere\/base58\.json: NOT RUN: there is no such file/)
    assert.match(missing.stdout, sums(1, 0, 0))
  })
})

test('a file of which nothing passes is no success, be it empty or skipped', () => {
  withFile([PASSES], (good) => {
    withFile([], (empty) => {
      const { well, printed } = conformance('base58', good, empty)
      assert.ok(!well)
      assert.match(printed, /NOTHING PASSED/)
    })
  })
  const skipped = judged('script', [[['00', 0.1], '', '0', 'P2SH,WITNESS', 'OK']])
  assert.ok(!skipped.well)
  assert.match(skipped.printed, / {2}skipped 1: with a witness\n/)
  assert.match(skipped.printed, sums(0, 0, 1))
})

test('a broken file is a named failure with the fix, and the others are judged all the same', () => {
  withFile([PASSES], (good) => {
    const broken: [unknown, RegExp][] = [
      ['[["61", "2g"]', /FAILED BAD_FILE: It is not JSON/],
      [Uint8Array.of(0xff, 0xfe), /FAILED BAD_FILE: It is not JSON/],
      [{ rows: [] }, /FAILED BAD_FILE: a list was expected where \{"rows":\[\]\} stands/],
    ]
    for (const [content, message] of broken) {
      withFile(content, (file) => {
        const { well, printed } = conformance('base58', file, good)
        assert.ok(!well)
        assert.match(printed, message)
        assert.match(printed, /It should be Bitcoin Core's base58_encode_decode\.json, as its origin publishes it/)
        assert.match(printed, sums(1, 1, 0))
      })
    }
    assert.match(conformance('base58', import.meta.dirname, good).printed, /FAILED UNREADABLE: .*EISDIR/)
  })
})

test('files are read as editors leave them: with a byte order mark, other line ends, a newline at the end', () => {
  const text = JSON.stringify([PASSES, PASSES], undefined, 2)
  for (const content of [`\ufeff${text}`, text.replaceAll('\n', '\r\n'), `${text}\n\n`, `\r\n\t${text}`]) {
    const { well, printed } = judged('base58', content)
    assert.ok(well, printed)
    assert.match(printed, sums(2, 0, 0))
  }
})

test('a row of another form fails, and the rows after it are judged', () => {
  for (const row of [7, ['61'], ['61', null], ['6', '2g'], [{}, '2g']]) {
    const { well, printed } = judged('base58', [row, PASSES])
    assert.ok(!well)
    assert.match(printed, sums(1, 1, 0))
  }
})

test('of many failures some are shown and all are counted', () => {
  const { printed } = judged('base58', Array(50).fill(FAILS))
  assert.equal(printed.match(/FAILED row/g)?.length, 20)
  assert.match(printed, /and 30 more that failed\n/)
  assert.match(printed, sums(0, 50, 0))
})

test('arguments that name no run are refused with the fix and the usage', () => {
  const wrong: [string[], RegExp][] = [
    [[], /^UNKNOWN_KIND: No kind of file is named: name one of script, /],
    [['scripts', 'x'], /^UNKNOWN_KIND: "scripts" is no kind of file: name one of script, /],
    [['script'], /^NO_FILE_NAMED: No file is named: put at least one after "script"/],
    [['script', 'x', '--fast'], /^UNKNOWN_OPTION: .*--fast/],
    [
      ['script', 'x', '--backend', 'noble'],
      /^BACKEND_NOT_WANTED: --backend is for wycheproof: leave it out for "script"/,
    ],
    [['wycheproof', 'x', '--backend', 'abacus'], /^UNKNOWN_BACKEND: There is no backend "abacus": take one of noble, /],
  ]
  for (const [args, message] of wrong)
    assert.throws(
      () => conformance(...args),
      (error) => message.test(describe(error)),
    )
  const { status, stderr, stdout } = run('scripts', 'x')
  assert.equal(status, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /^UNKNOWN_KIND.*\n\nnpm run -s conformance -- KIND FILE\.\.\. \[--backend noble\|/)
})

function describe(error: unknown): string {
  return error instanceof Error && 'code' in error ? `${String(error.code)}: ${error.message}` : String(error)
}
