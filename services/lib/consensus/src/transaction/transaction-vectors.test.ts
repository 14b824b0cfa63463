import { testVectors } from '@camelid/crypto/testing/vector-test'
import { judgeInvalidTransactions } from '../testing/invalid-transactions.ts'
import { judgeValidTransactions } from '../testing/valid-transactions.ts'

const folder = 'bitcoin'

testVectors('valid transactions of Bitcoin are valid', { folder, name: /^tx_valid/, judge: judgeValidTransactions })

testVectors('invalid transactions of Bitcoin are invalid', {
  folder,
  name: /^tx_invalid/,
  judge: judgeInvalidTransactions,
})
