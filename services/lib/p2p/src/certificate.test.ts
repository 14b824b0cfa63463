import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { selfSignedCertificate } from './certificate.ts'

test('the certificate is one that OpenSSL reads, signed by its own key', () => {
  const { cert } = selfSignedCertificate()
  const read = new X509Certificate(cert)
  assert.equal(read.subject, 'CN=camelid')
  assert.ok(read.verify(read.publicKey))
  assert.ok(read.checkIssued(read))
  assert.ok(new Date(read.validTo).getUTCFullYear() === 9999)
})

test('no two processes share a key or a serial number', () => {
  const [one, two] = [selfSignedCertificate(), selfSignedCertificate()]
  assert.notEqual(one.key, two.key)
  assert.notEqual(new X509Certificate(one.cert).serialNumber, new X509Certificate(two.cert).serialNumber)
})
