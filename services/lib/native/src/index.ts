export type { LibraryHandle, TypeObject } from 'koffi'
export { loadKoffi } from './load-koffi.ts'
export { toAddress } from './to-address.ts'
