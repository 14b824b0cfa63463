import assert from 'node:assert/strict'
import { asArray, asBigInt, asInteger, asRecord } from '@camelid/crypto/testing/json'
import { Tally } from '@camelid/crypto/testing/tally'
import { nextBits } from '../pow/asert.ts'

/**
 * A run of aserti3-2d as JSON: {spacing, halfLife, powLimitBits, anchorHeight, anchorParentTime, anchorBits, rows: [[height, time,
 * bits of the block after], …]}, times in seconds, bits as numbers. @throws VectorFileError
 */
export function judgeAsert(file: unknown): Tally {
  const run = asRecord(file)
  const field = (name: string) => asInteger(run[name])
  const params = { spacing: field('spacing'), asertHalfLife: field('halfLife'), powLimitBits: field('powLimitBits') }
  const anchorHeight = asBigInt(run.anchorHeight)
  // Only distances count: times, and heights that a number cannot hold, which no chain reaches, are reckoned from the anchor.
  const base = anchorHeight > Number.MAX_SAFE_INTEGER ? anchorHeight : 0n
  const anchorTime = asBigInt(run.anchorParentTime)
  const anchor = { height: Number(anchorHeight - base), parentTime: 0, bits: field('anchorBits') }
  const tally = new Tally()
  for (const [i, row] of asArray(run.rows).entries()) {
    tally.row(`row ${i + 1}`, () => {
      const [height, time, expected] = asArray(row)
      const parent = {
        height: asInteger(Number(asBigInt(height) - base)),
        time: asInteger(Number(asBigInt(time) - anchorTime)),
      }
      const bits = nextBits(params, anchor, parent)
      assert.equal(
        bits,
        asInteger(expected),
        `after height ${asBigInt(height)}: bits ${bits}, not ${asInteger(expected)}`,
      )
      return undefined
    })
  }
  return tally
}
