import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostGroup, ipv6Prefix, plainHost } from './host.ts'

test('one address has one spelling', () => {
  for (const spelling of ['2001:DB8::1', '2001:0db8:0:0::0001', '2001:db8::1%eth0'])
    assert.equal(plainHost(spelling), '2001:db8::1')
  for (const spelling of ['127.0.0.1', '::ffff:127.0.0.1', '::FFFF:7f00:1', '0:0:0:0:0:ffff:7f00:1'])
    assert.equal(plainHost(spelling), '127.0.0.1')
  assert.equal(plainHost('Seed.Example.org'), 'seed.example.org')
})

test('an IPv6 address is cut at groups of 16 bits, wherever its zeros are left out', () => {
  assert.equal(ipv6Prefix('2001:db8:1:2:3:4:5:6', 4), '2001:db8:1:2')
  assert.equal(ipv6Prefix('2001:db8::6', 4), '2001:db8:0:0')
  assert.equal(ipv6Prefix('::1', 2), '0:0')
  assert.equal(ipv6Prefix('::', 4), '0:0:0:0')
  assert.equal(ipv6Prefix('1:2:3:4:5::', 4), '1:2:3:4')
  assert.equal(ipv6Prefix('64:ff9b::1.2.3.4', 4), '64:ff9b:0:0')
  assert.equal(ipv6Prefix('8.8.8.8', 2), undefined)
  assert.equal(ipv6Prefix('::ffff:8.8.8.8', 2), undefined)
  assert.equal(ipv6Prefix('example.org', 2), undefined)
})

test('who has many addresses answers for all of them', () => {
  assert.equal(hostGroup('2001:db8:1:2::1'), hostGroup('2001:db8:1:2:ffff::9'))
  assert.notEqual(hostGroup('2001:db8:1:2::1'), hostGroup('2001:db8:1:3::1'))
  assert.equal(hostGroup('::ffff:8.8.8.8'), hostGroup('8.8.8.8'))
  assert.notEqual(hostGroup('8.8.8.8'), hostGroup('8.8.8.9'))
  assert.equal(hostGroup('unknown'), 'unknown')
})
