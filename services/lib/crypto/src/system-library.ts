import { type LibraryHandle, loadKoffi, toAddress } from '@camelid/native'

/** How its releases number their interface: 1 is 0.2, 2 is 0.3 to 0.5, 5 is 0.6, 6 is 0.7; 0 is from before releases, when inverses were slow. */
const RELEASES = [6, 5, 2, 1]

/** What the loader of this platform finds a libsecp256k1 by, the newest first. */
export const SYSTEM_LIBRARIES: readonly string[] = RELEASES.flatMap(namesOf)

export interface SystemLibrary {
  readonly name: string
  /** Declares one of its functions by a prototype. @throws Error where there is none of that name */
  readonly call: LibraryHandle['func']
  /** Of its constant context, which every thread may use for what takes no secret. */
  readonly context: number
  /** Where bytes lie for as long as they are held: more than 64, for V8 moves smaller arrays about. */
  readonly addressOf: (bytes: Uint8Array) => number
}

/** Opens the first of them that is there and of release 0.2.0 or later; undefined where none is. */
export async function openSystemLibrary(names = SYSTEM_LIBRARIES): Promise<SystemLibrary | undefined> {
  for (const name of names) {
    try {
      return await open(name)
    } catch {
      // Not there, or older: release 0.2.0 brought the constant context. Or koffi has no build for this machine.
    }
  }
  return undefined
}

async function open(name: string): Promise<SystemLibrary> {
  const koffi = await loadKoffi()
  const library = koffi.load(name)
  return {
    name,
    call: library.func.bind(library),
    context: toAddress(koffi.decode(library.symbol('secp256k1_context_static'), 'void *')),
    addressOf: (bytes) => toAddress(koffi.address(bytes)),
  }
}

function namesOf(release: number): string[] {
  if (process.platform === 'win32') return [`libsecp256k1-${release}.dll`]
  const name = `libsecp256k1.${release}.dylib`
  // Apple's loader does not look where Homebrew installs.
  if (process.platform === 'darwin') return [name, `/opt/homebrew/lib/${name}`]
  return [`libsecp256k1.so.${release}`]
}
