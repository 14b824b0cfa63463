import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeAddress } from '@camelid/codec'
import { ConfigError } from '@camelid/runtime'
import { readConfig } from './config.ts'

const PAYOUT_ADDRESS = encodeAddress(new Uint8Array(20).fill(7))

function mistakes(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.problems.join('\n')
  }
  return ''
}

test('the payout address is asked for, and a mistyped one is refused with the reason', () => {
  assert.match(mistakes({}), /PAYOUT_ADDRESS: not set/)
  assert.match(mistakes({ PAYOUT_ADDRESS: `${PAYOUT_ADDRESS.slice(0, -1)}1` }), /PAYOUT_ADDRESS.*checksum/i)
  assert.match(mistakes({ PAYOUT_ADDRESS, MINER_DUTY: '2', CHAIN_URL: 'nowhere' }), /CHAIN_URL.*MINER_DUTY/s)
})

test('a miner leaves the machine usable on local and works fully elsewhere, unless told otherwise', () => {
  assert.equal(readConfig({ PAYOUT_ADDRESS }).duty, 0.1)
  assert.equal(readConfig({ PAYOUT_ADDRESS, NETWORK: 'main' }).duty, 1)
  assert.equal(readConfig({ PAYOUT_ADDRESS, MINER_DUTY: '0.25' }).duty, 0.25)
  assert.deepEqual(readConfig({ PAYOUT_ADDRESS }).PAYOUT_ADDRESS, new Uint8Array(20).fill(7))
})

test('blocks of a local network keep a distance, so that heights do not pass in bursts', () => {
  assert.equal(readConfig({ PAYOUT_ADDRESS }).minIntervalMs, 800)
  assert.equal(readConfig({ PAYOUT_ADDRESS, NETWORK: 'main' }).minIntervalMs, 0)
  assert.equal(readConfig({ PAYOUT_ADDRESS, MIN_BLOCK_INTERVAL_MS: '50' }).minIntervalMs, 50)
})

test('outside miners are let in only where a port is named, and without threads nothing else would mine', () => {
  assert.equal(readConfig({ PAYOUT_ADDRESS, STRATUM_PORT: '' }).STRATUM_PORT, undefined)
  const config = readConfig({ PAYOUT_ADDRESS, STRATUM_PORT: '3333', MINER_THREADS: '0' })
  assert.equal(config.STRATUM_PORT, 3333)
  assert.equal(config.STRATUM_HOST, '127.0.0.1')
  assert.match(mistakes({ PAYOUT_ADDRESS, MINER_THREADS: '0' }), /MINER_THREADS.*STRATUM_PORT/)
})
