import { testVectors } from '@camelid/crypto/testing/vector-test'
import { judgeBase58 } from '../testing/base58-rows.ts'
import { judgeInvalidKeys, judgeKeys } from '../testing/key-rows.ts'

const folder = 'bitcoin'

testVectors('base58 agrees with Bitcoin Core both ways', {
  folder,
  name: /^base58_encode_decode/,
  judge: judgeBase58,
})

testVectors("addresses are Bitcoin Core's P2PKH addresses of its main network, and its other keys are none", {
  folder,
  name: /^(base58_keys|key_io)_valid/,
  judge: judgeKeys,
})

testVectors('what is no key or address to Bitcoin Core is no address here', {
  folder,
  name: /^(base58_keys|key_io)_invalid/,
  judge: judgeInvalidKeys,
})
