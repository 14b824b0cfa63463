import type { NetworkParams } from '@camelid/consensus'
import * as easy from '@camelid/consensus/testing/easy-params'

/** With a contest window so long that no deadline passes while a slow machine starts a process: tests move the clock instead. */
export function easyParams(): NetworkParams {
  return { ...easy.easyParams(), contestWindow: 60 }
}
