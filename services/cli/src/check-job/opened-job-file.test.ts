import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { CliError } from '../cli-error.ts'
import { openedJobBytes, parseOpenedJob } from './opened-job-file.ts'
import { anOpenedJob, anOpenedJobFile } from './testing.ts'

const good = anOpenedJobFile()

const refusal = (text: string): string => {
  try {
    parseOpenedJob(text)
  } catch (error) {
    assert.ok(error instanceof CliError && error.code === 'BAD_JOB_FILE', String(error))
    return error.message
  }
  return assert.fail('it was read')
}
const changed = (change: object): string => refusal(JSON.stringify({ ...JSON.parse(good), ...change }))

describe('the file of an opened job', () => {
  it('is read back as it was written', () => {
    const { job, commitment, opening } = parseOpenedJob(good)
    assert.equal(job.modelName, 'a model')
    assert.deepEqual(opening.tokenIds, [5, 6, 2])
    assert.equal(commitment.engine, 'an engine')
    assert.ok(good.endsWith('}\n'))
    // What a client answers has no more than these.
    assert.deepEqual(Object.keys(openedJobBytes.shape), ['jobId', 'job', 'commitment', 'opening'])
  })

  it('is refused by the part that is wrong', () => {
    const other = JSON.parse(anOpenedJobFile(anOpenedJob({ maxTokens: 99 })))
    const unsigned = JSON.parse(anOpenedJobFile(anOpenedJob({}, { signature: new Uint8Array(64).fill(1) })))
    const another = JSON.parse(anOpenedJobFile(anOpenedJob({}, { opened: [5, 7, 2] })))
    assert.match(refusal('{'), /not JSON/)
    assert.match(refusal('\n'), /it is empty/)
    assert.match(refusal('{"version":1}'), /its format cannot be used/)
    assert.match(refusal('[]'), /expected object/)
    assert.match(changed({ version: 2 }), /version 2, newer than this program reads: update camelid/)
    assert.match(changed({ version: 0 }), /version/)
    assert.match(changed({ extra: 1 }), /extra/)
    assert.match(changed({ job: 'xyz' }), /hexadecimal/)
    assert.match(changed({ opening: '' }), /hexadecimal/)
    assert.match(changed({ job: '00'.repeat(300_000) }), /more than/)
    assert.match(changed({ jobId: '0'.repeat(64) }), /its job has the id/)
    assert.match(changed({ job: other.job }), /its job has the id/)
    assert.match(changed({ commitment: other.commitment }), /to another job/)
    assert.match(changed({ commitment: JSON.parse(good).commitment.slice(2) }), /its commitment cannot be used/)
    assert.match(refusal(JSON.stringify(unsigned)), /not signed by the node/)
    assert.match(refusal(JSON.stringify(another)), /opening cannot be used: the output is not the one committed to/)
    assert.match(changed({ opening: 'ffffffff' }), /its opening cannot be used/)
  })

  it('never throws anything else, whatever is in it', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void refusal(text)))
    const hex = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('hex'))
    fc.assert(fc.property(hex, (bytes) => void changed({ opening: bytes })))
    fc.assert(fc.property(hex, (bytes) => void changed({ commitment: bytes })))
    const flipped = fc.property(fc.nat(), fc.constantFrom('job', 'commitment', 'opening'), (place, name) => {
      const bytes = Buffer.from(JSON.parse(good)[name], 'hex')
      const at = place % bytes.length
      bytes[at] = (bytes[at] ?? 0) ^ 1
      changed({ [name]: bytes.toString('hex') })
    })
    fc.assert(flipped)
  })
})
