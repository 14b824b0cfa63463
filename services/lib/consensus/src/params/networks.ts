import { hexToBytes } from '@camelid/crypto'
import { ConsensusError } from '../error/consensus-error.ts'
import { buildGenesis } from './genesis.ts'
import type { NetworkName, NetworkParams } from './network-params.ts'
import { COIN } from './units.ts'

/** What the networks share (protocol §1, §3, §4). */
const SHARED = {
  delayMin: 2,
  delayMax: 4,
  minimumBond: COIN / 10n,
  verificationFee: COIN / 1000n,
  maxBlockBytes: 4_000_000,
  maxBlockSigops: 80_000,
  maxTransactionBytes: 100_000,
} as const

const MAIN: NetworkParams = Object.freeze({
  ...SHARED,
  name: 'main',
  magic: Uint8Array.of(0xc4, 0x3e, 0x1d, 0x01),
  spacing: 60,
  contestWindow: 600,
  maxFutureTime: 120,
  coinbaseMaturity: 100,
  asertHalfLife: 7_200,
  powLimitBits: 0x1e00ffff,
  minimumChainWork: 0n,
  reanchorsAfterSleep: false,
  committeeSize: 7,
  bondAge: 10,
  verdictLife: 120,
  genesis: buildGenesis({ name: 'main', bits: 0x1e00ffff, nonce: 29_525_345 }),
  genesisHash: hexToBytes('ce174c735e269d0c3ff1068d6f6f4c12defec5318805c06c8f3029289d000000'),
  cheatsAllowed: false,
})

const TEST: NetworkParams = Object.freeze({
  ...SHARED,
  name: 'test',
  magic: Uint8Array.of(0xc4, 0x3e, 0x1d, 0x02),
  spacing: 15,
  contestWindow: 120,
  maxFutureTime: 20,
  coinbaseMaturity: 20,
  asertHalfLife: 1_800,
  powLimitBits: 0x1e00ffff,
  minimumChainWork: 0n,
  reanchorsAfterSleep: true,
  committeeSize: 5,
  bondAge: 10,
  verdictLife: 120,
  genesis: buildGenesis({ name: 'test', bits: 0x1e00ffff, nonce: 499_421 }),
  genesisHash: hexToBytes('40414c1acc929ab699f20f312e4684d997551d07c60fbdb07606031122000000'),
  cheatsAllowed: false,
})

const LOCAL: NetworkParams = Object.freeze({
  ...SHARED,
  name: 'local',
  magic: Uint8Array.of(0xc4, 0x3e, 0x1d, 0x03),
  spacing: 1,
  contestWindow: 5,
  maxFutureTime: 5,
  coinbaseMaturity: 5,
  asertHalfLife: 60,
  powLimitBits: 0x1f00ffff,
  minimumChainWork: 0n,
  reanchorsAfterSleep: true,
  committeeSize: 3,
  bondAge: 3,
  verdictLife: 600,
  genesis: buildGenesis({ name: 'local', bits: 0x1f00ffff, nonce: 46_822 }),
  genesisHash: hexToBytes('8f50b129533b3b03092c78db6a6841b534df47f1301ff5f92932859254270000'),
  cheatsAllowed: true,
})

const NETWORKS: Readonly<Record<NetworkName, NetworkParams>> = { main: MAIN, test: TEST, local: LOCAL }

export function networkParams(name: NetworkName): NetworkParams {
  return NETWORKS[name]
}

/** The network a person named. Throws BAD_NETWORK. */
export function parseNetworkName(text: string): NetworkName {
  if (text === 'main' || text === 'test' || text === 'local') return text
  throw new ConsensusError('BAD_NETWORK', `network "${text}" does not exist: use main, test or local`, {
    network: text,
  })
}

/** The same network with another contest window W, for tests that need a longer one. Throws BAD_NETWORK except on `local`. */
export function withContestWindow(params: NetworkParams, seconds: number): NetworkParams {
  if (params.name !== 'local') {
    throw new ConsensusError(
      'BAD_NETWORK',
      `the contest window of network "${params.name}" is fixed at ${params.contestWindow} s: only "local" may change it`,
    )
  }
  if (!Number.isSafeInteger(seconds) || seconds < 1) {
    throw new ConsensusError(
      'BAD_NETWORK',
      `a contest window of ${seconds} s makes no sense: give whole seconds, at least 1`,
    )
  }
  return Object.freeze({ ...params, contestWindow: seconds })
}
