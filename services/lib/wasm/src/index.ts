export { encodeModule, I32, V128, type WasmFunction } from './encode-module.ts'
export { instantiate } from './instantiate.ts'
export * from './instructions.ts'
