export { openSystemLibrary } from '../system-library.ts'
