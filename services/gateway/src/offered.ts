import { Services } from '@camelid/p2p'

/** What this node offers to others. */
export const OFFERED = Services.CHAIN | Services.JOBS | Services.CHECKS | Services.OPEN_JOBS
