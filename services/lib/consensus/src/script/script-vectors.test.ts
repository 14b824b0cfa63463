import { testVectors } from '@camelid/crypto/testing/vector-test'
import { judgeScripts } from '../testing/script-rows.ts'
import { judgeCanonicalSignatures, judgeNonCanonicalSignatures } from '../testing/signature-rows.ts'

const folder = 'bitcoin'

testVectors('scripts end as in the vectors of Bitcoin', { folder, name: /^script_tests/, judge: judgeScripts })

testVectors('canonical signatures of Bitcoin are well encoded', {
  folder,
  name: /^sig_canonical/,
  judge: judgeCanonicalSignatures,
})

testVectors('non-canonical signatures of Bitcoin are not', {
  folder,
  name: /^sig_noncanonical/,
  judge: judgeNonCanonicalSignatures,
})
