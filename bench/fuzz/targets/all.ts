import type { Target } from '../target.ts'
import { codecTargets } from './codec.ts'
import { fileTargets } from './files.ts'
import { peerTargets } from './peers.ts'
import { scriptTargets } from './script.ts'
import { statementTargets } from './statements.ts'
import { streamTargets } from './streams.ts'

/** Every decoder that bytes from outside reach. */
export function allTargets(seed: number): Target[] {
  return [
    ...codecTargets(seed),
    ...statementTargets(seed),
    ...streamTargets(seed),
    ...scriptTargets(),
    ...peerTargets(),
    ...fileTargets(),
  ]
}
