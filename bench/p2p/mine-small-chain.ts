// node bench/p2p/mine-small-chain.ts [BLOCKS]
// Does the work of the chain that the part `sync` fetches, and writes down its nonces; to be run again when its blocks change.
import { writeFileSync } from 'node:fs'
import { makeSmallChain, NONCES } from './small-chain.ts'

const length = Number(process.argv[2] ?? 20_000)
const nonces = Buffer.alloc(4 * length)
let made = 0
makeSmallChain(length, (nonce) => {
  nonces.writeUInt32LE(nonce, 4 * made)
  made += 1
  if (made % 1_000 === 0) console.log(`${made} blocks`)
})
writeFileSync(NONCES, nonces)
