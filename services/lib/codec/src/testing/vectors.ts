// The finder itself stands in crypto, below which there is nothing but errors, so that every library's tests can use it.
export { readVectors, vectorFiles, vectorsDirectory, vectorsMissing } from '@camelid/crypto/testing'
export { asArray, asRecord, asText } from './json.ts'
