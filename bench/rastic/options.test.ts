import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readOptions } from './options.ts'
import { SHORT } from './plan.ts'

const ROOT = '/checkout'
const file = import.meta.filename

test('without options the shipped model is sold, and the results go where the project keeps them', () => {
  const { plan, models, out, isShort } = readOptions([], ROOT)
  assert.equal(models.sold, 'camelid-tiny-F16')
  assert.equal(models.registry, join(ROOT, 'models'))
  assert.equal(models.cheats.given.size, 0)
  assert.equal(out, join(ROOT, 'docs'))
  assert.ok(!isShort && plan.honestJobs > SHORT.honestJobs)
  assert.equal(readOptions(['--short'], ROOT).out, undefined)
})

test('another model may be sold, and other files cheated with', () => {
  const args = ['--sold', 'camelid-tiny-F32', '--cheat', `Q4_0=${file}`, '--cheat', `sibling=${file}`]
  const { sold, cheats } = readOptions(args, ROOT).models
  assert.equal(sold, 'camelid-tiny-F32')
  assert.deepEqual(
    [...cheats.given],
    [
      ['Q4_0', file],
      ['sibling', file],
    ],
  )
})

test('a command line that cannot be run is refused by name, with what to give', () => {
  const refused: [string[], RegExp][] = [
    [['--cheat', `Q5_0=${file}`], /one of sibling, Q4_0, Q8_0/],
    [['--cheat', 'Q4_0'], /give NAME=FILE/],
    [['--cheat', 'Q4_0='], /give NAME=FILE/],
    [['--cheat', `Q4_0=${file}.gone`], /there is no such file: give the path/],
    [['--cheat', `Q4_0=${file}`, '--cheat', `Q4_0=${file}`], /twice: leave one out/],
    [['--from', file, '--sold', 'camelid-tiny-F32'], /leave out --sold and --cheat, or --from/],
    [['--jobs', '0'], /--jobs 0: give a whole number from 1 on/],
    [['--sell', 'camelid-tiny-F32'], /--sell/],
  ]
  for (const [args, message] of refused) {
    assert.throws(() => readOptions(args, ROOT), { code: 'BAD_OPTION', message }, args.join(' '))
  }
})
