import { execFileSync } from 'node:child_process'

/** Names of the namespaces and of all that is in them begin with this. */
const PREFIX = 'camelid'
const SWITCH = `${PREFIX}-switch`
const BRIDGE = 'bridge'

/** Hosts with an address of their own on one wire: each a network namespace, the wire a bridge in one more. Nothing else is touched. */
export class HostNetwork implements Disposable {
  readonly #hosts: readonly number[]

  /**
   * Throws what `ip` says where the system does not allow it.
   * @param count of hosts, 1 to 200
   * @param apart two of them that have no line to each other: who speaks to the other is told that he cannot be reached
   */
  constructor(count: number, apart: readonly [number, number]) {
    this.#hosts = Array.from({ length: count }, (_, i) => i + 1)
    this[Symbol.dispose]()
    try {
      ip('netns', 'add', SWITCH)
      ip('-n', SWITCH, 'link', 'add', 'name', BRIDGE, 'type', 'bridge')
      ip('-n', SWITCH, 'link', 'set', BRIDGE, 'up')
      for (const host of this.#hosts) this.#plugIn(host)
      this.#part(...apart)
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  address(host: number): string {
    return `10.77.0.${host}`
  }

  /** What to put before a command so that it runs on a host. */
  on(host: number): readonly [string, ...string[]] {
    return ['ip', 'netns', 'exec', namespaceOf(host)]
  }

  [Symbol.dispose](): void {
    const there = ip('netns', 'list')
    for (const name of [...this.#hosts.map(namespaceOf), SWITCH])
      if (new RegExp(`^${name}\\b`, 'm').test(there)) ip('netns', 'del', name)
  }

  #part(one: number, other: number): void {
    ip('-n', namespaceOf(one), 'route', 'add', 'unreachable', this.address(other))
    ip('-n', namespaceOf(other), 'route', 'add', 'unreachable', this.address(one))
  }

  #plugIn(host: number): void {
    const [namespace, port] = [namespaceOf(host), `port${host}`]
    ip('netns', 'add', namespace)
    ip('link', 'add', port, 'netns', SWITCH, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
    ip('-n', SWITCH, 'link', 'set', port, 'master', BRIDGE, 'up')
    ip('-n', namespace, 'address', 'add', `${this.address(host)}/24`, 'dev', 'eth0')
    ip('-n', namespace, 'link', 'set', 'eth0', 'up')
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
  }
}

const namespaceOf = (host: number): string => `${PREFIX}-${host}`

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
