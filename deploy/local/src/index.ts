export { LaunchError, type LaunchErrorCode } from './launch-error.ts'
