import { randomInt } from 'node:crypto'
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
  // By port, for two that are asked to share one: they would find each other there.
  const seen = new Map<number, WantedPort>()
  for (const one of wanted) {
    const twin = seen.get(one.port)
    if (twin) lines.push(`${one.variable} and ${twin.variable} are both ${one.port}: change one of them`)
    else seen.set(one.port, one)
  }
  const complaints = await Promise.all([...seen.values()].map(complaintAbout))
  lines.push(...complaints.filter((line) => line !== undefined))
  if (lines.length > 0) throw new LaunchError('PORTS_TAKEN', lines.join('\n'))
}

/** Below 32,768: from there on systems give ports to outgoing connections, and one could take it before its owner listens. */
const FREE_FROM = 26_000
const FREE_COUNT = 6_000
const FREE_TRIES = 50

/** A port nobody listens on right now. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await listenOnce(randomInt(FREE_FROM, FREE_FROM + FREE_COUNT))
    } catch (error) {
      if (tries === FREE_TRIES) throw error
    }
  }
}

/** Undefined when the port can be had. */
async function complaintAbout({ port, who, variable }: WantedPort): Promise<string | undefined> {
  try {
    await listenOnce(port)
    return undefined
  } catch (error) {
    const isDenied = error instanceof Error && 'code' in error && error.code === 'EACCES'
    if (isDenied) return `port ${port} (${who}) is only for root: set ${variable} to one above 1023`
    const holder = portHolder(port)
    return `port ${port} (${who}) is taken${holder ? ` by ${holder}` : ''}: stop what listens there, or set ${variable} to a free port`
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
