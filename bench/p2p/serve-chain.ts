// A process of its own, so that what it takes is not counted as the node's: serves a chain of small blocks as several peers, one of them slow.
import { setTimeout as delay } from 'node:timers/promises'
import { ChainPeer } from '../../services/gateway/test/chain-peer.ts'
import { makeSmallChain } from './small-chain.ts'

/** The slow one sends a block so often. */
const SLOW_MS = 250

const [blocks = '20000', peers = '4'] = process.argv.slice(2)
const chain = makeSmallChain(Number(blocks))
const ports: number[] = []
for (let i = 0; i < Number(peers); i++) {
  let turn: Promise<unknown> = Promise.resolve()
  const slowly = async (): Promise<boolean> => {
    turn = turn.then(() => delay(SLOW_MS))
    await turn
    return true
  }
  ports.push((await ChainPeer.listen(chain, i === 0 ? { mayServe: slowly } : {})).port)
}
process.send?.(ports)
process.once('disconnect', () => process.exit(0))
