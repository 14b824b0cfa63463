import type { Target } from '../target.ts'
import { codecTargets } from './codec.ts'
import { fileTargets } from './files.ts'
import { frameTargets } from './frames.ts'
import { peerTargets } from './peers.ts'
import { scriptTargets } from './script.ts'
import { statementTargets } from './statements.ts'
import { streamTargets } from './streams.ts'

export type Part = 'all' | 'frames'

/** The decoders of a part of the benchmark. */
export function targetsOf(part: Part, seed: number): Target[] {
  return part === 'frames' ? frameTargets() : allTargets(seed)
}

/** Every decoder that bytes from outside reach. */
function allTargets(seed: number): Target[] {
  return [
    ...codecTargets(seed),
    ...statementTargets(seed),
    ...streamTargets(seed),
    ...scriptTargets(),
    ...peerTargets(),
    ...fileTargets(),
  ]
}
