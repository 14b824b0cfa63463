export { LaunchError, type LaunchErrorCode } from './launch-error.ts'
export { removeState, stateHome } from './state.ts'
export { launchTestnet, type Testnet } from './testnet.ts'
