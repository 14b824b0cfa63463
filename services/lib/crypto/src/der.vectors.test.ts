import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { hexToBytes } from './bytes.ts'
import { decodeDer, encodeDer, isStrictDer } from './der.ts'
import { readVectors, vectorsMissing } from './testing/vectors.ts'

const skip = vectorsMissing()
const HEX = /^(?:[0-9a-fA-F]{2})+$/
const lines = (path: string) => z.array(z.string()).nonempty().parse(readVectors(path))

// Bitcoin Core's files hold signatures with their hash type as the last byte.
const withoutHashType = (hex: string) => hexToBytes(hex).subarray(0, -1)

test('every canonical signature of Bitcoin Core is strict DER, and written again the same where it is one of the group', {
  skip,
}, () => {
  for (const hex of lines('bitcoin/sig_canonical.json')) {
    const der = withoutHashType(hex)
    assert.ok(isStrictDer(der), hex)
    // The first ones hold r or s of zero, or too short to be anything but an encoding.
    if (der.length > 16) assert.deepEqual(encodeDer(decodeDer(der, { lowS: false })), der, hex)
  }
})

test('every non-canonical signature of Bitcoin Core is refused, but for the one whose fault is the hash type', {
  skip,
}, () => {
  let label = ''
  let refused = 0
  for (const line of lines('bitcoin/sig_noncanonical.json')) {
    if (!HEX.test(line)) {
      label = line
      continue
    }
    assert.equal(isStrictDer(withoutHashType(line)), label === 'hashtype:', label)
    if (label !== 'hashtype:') {
      assert.throws(() => decodeDer(withoutHashType(line)), { code: 'BAD_DER' }, label)
      refused++
    }
  }
  assert.ok(refused > 0)
})
