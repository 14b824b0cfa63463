import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { LaunchError } from '../launch-error.ts'
import { runProgram } from '../process/run-program.ts'

/** Beside PATH: where Debian puts it (not on everybody's PATH) and where Homebrew does. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']
const INSTALL_TIMEOUT_MS = 180_000

/** Path of nats-server: NATS_SERVER, then PATH and the usual folders; undefined if there is none. */
function findNats(env: NodeJS.ProcessEnv): string | undefined {
  const given = env.NATS_SERVER
  if (given) return given
  const folders = [...(env.PATH ?? '').split(delimiter), ...MORE_FOLDERS]
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, 'nats-server'))
    .find(isExecutable)
}

/** Finds nats-server, installs Debian's package where this process may, or throws NATS_MISSING with the command to run. */
export async function requireNats(say: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = findNats(env)
  if (found && !isExecutable(found))
    throw new LaunchError('NATS_MISSING', `NATS_SERVER is ${found}, which is no program: set it to nats-server's path`)
  if (found) return found
  const isRoot = process.getuid?.() === 0
  const mayInstall = isRoot && isExecutable('/usr/bin/apt-get')
  if (mayInstall) {
    say('nats-server is missing: installing it with apt-get install -y nats-server')
    await installNats()
    const installed = findNats(env)
    if (installed) return installed
  }
  const apt = `${isRoot ? '' : 'sudo '}apt-get install -y nats-server`
  const command = process.platform === 'darwin' ? 'brew install nats-server' : apt
  throw new LaunchError(
    'NATS_MISSING',
    `nats-server is not installed. Run: ${command}   (or set NATS_SERVER to its path)`,
  )
}

async function installNats(): Promise<void> {
  const options = { timeout: INSTALL_TIMEOUT_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const install = () =>
    runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'nats-server'], options)
  try {
    await install()
  } catch {
    // A fresh machine has no package lists yet.
    await runProgram('apt-get', ['update', '-qq'], options).catch(() => undefined)
    await install().catch(() => undefined)
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
