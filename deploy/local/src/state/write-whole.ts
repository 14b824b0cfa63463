import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** Writes a private file whole or not at all, over one that is there. One writer at a time for a path. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text, { mode: 0o600 })
  renameSync(`${path}.part`, path)
}

/** Creates a private file whole or not at all; throws EEXIST where there is one. */
export function createWhole(path: string, text: string): void {
  const part = `${path}.${process.pid}.part`
  writeFileSync(part, text, { mode: 0o600 })
  try {
    linkSync(part, path)
  } finally {
    rmSync(part, { force: true })
  }
}
