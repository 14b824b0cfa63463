import { test } from 'node:test'
import { ECDSA_BACKENDS, verifyBy, whyMissing } from './testing/ecdsa-backends.ts'
import { testVectors } from './testing/vector-test.ts'
import { judgeWycheproof } from './testing/wycheproof.ts'

const vectors = { folder: 'wycheproof', name: /^ecdsa_secp256k1_/ }

testVectors('every Wycheproof signature is judged as its file says', {
  ...vectors,
  judge: (file) => judgeWycheproof(file),
})

for (const [name, backend] of Object.entries(ECDSA_BACKENDS)) {
  const title = `${name}: every Wycheproof signature is judged as its file says`
  if (backend === undefined) {
    test(title, { skip: `NOT RUN: ${whyMissing(name)}` })
    continue
  }
  testVectors(title, {
    ...vectors,
    judge: (file) => judgeWycheproof(file, verifyBy(backend)),
  })
}
