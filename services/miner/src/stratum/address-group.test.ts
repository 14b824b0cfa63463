import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressGroup } from './address-group.ts'

test('IPv4 counts by address, IPv6 by its network of 64 bits', () => {
  assert.equal(addressGroup('10.0.0.7'), '10.0.0.7')
  assert.equal(addressGroup('::ffff:10.0.0.7'), '10.0.0.7')
  assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2')
  assert.equal(addressGroup('2001:db8:1:2::9'), '2001:db8:1:2')
  assert.equal(addressGroup('2001:db8::9'), '2001:db8:0:0')
  assert.equal(addressGroup('::1'), '0:0:0:0')
  assert.equal(addressGroup('fe80::1%eth0'), 'fe80:0:0:0')
  assert.equal(addressGroup(undefined), 'unknown')
})
