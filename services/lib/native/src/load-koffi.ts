type Koffi = typeof import('koffi')['default']

/** As threads of their own have. koffi runs C on stacks that it makes, of 128 KiB in calls that it hands to threads: little for drivers. */
const STACK_BYTES = 8 * 2 ** 20

let loaded: Promise<Koffi> | undefined

/**
 * What calls C libraries, set up before the first of them is opened: it can be set up once.
 *
 * @throws Error where koffi has no build for this machine
 */
export function loadKoffi(): Promise<Koffi> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Koffi> {
  const { default: koffi } = await import('koffi')
  koffi.config({ ...koffi.config(), sync_stack_size: STACK_BYTES, async_stack_size: STACK_BYTES })
  return koffi
}
