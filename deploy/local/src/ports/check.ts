import { createServer } from 'node:net'
import { LaunchError } from '../launch-error.ts'
import { portHolder } from './holder.ts'

export interface WantedPort {
  port: number
  /** Who listens there, e.g. `PostgreSQL`. */
  who: string
  /** The environment variable that moves it. */
  variable: string
}

const HOST = '127.0.0.1'

/** Throws PORTS_TAKEN naming every port that is taken, by whom if the system tells, and what moves it. */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  const lines: string[] = []
  const seen = new Map<number, WantedPort>()
  for (const one of wanted) {
    const twin = seen.get(one.port)
    if (twin) lines.push(`${one.variable} and ${twin.variable} are both ${one.port}: change one of them`)
    seen.set(one.port, one)
  }
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)))
  for (const [index, { port, who, variable }] of wanted.entries()) {
    if (free[index]) continue
    const holder = portHolder(port)
    lines.push(
      `port ${port} (${who}) is taken${holder ? ` by ${holder}` : ''}: stop what listens there, or set ${variable} to a free port`,
    )
  }
  if (lines.length > 0) throw new LaunchError('PORTS_TAKEN', lines.join('\n'))
}

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  return await listenOnce(0)
}

async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port)
    return true
  } catch {
    return false
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address !== null ? address.port : port
      server.close(() => resolve(bound))
    })
  })
}
