import type { ChainState } from '../chain/chain-state.ts'

/**
 * The same handlers, refused with what `state.closed` says while it is set: a chain of which half is missing must not be told to anybody.
 * @param open names of those that answer all the same
 */
export function gated<H extends object>(state: Pick<ChainState, 'closed'>, handlers: H, open: readonly (keyof H)[]): H {
  return new Proxy(handlers, {
    get(target, name, receiver) {
      const handler: unknown = Reflect.get(target, name, receiver)
      // Names come from the service's descriptor, so each is one of H's; the list is only asked.
      if (typeof handler !== 'function' || open.includes(name as keyof H)) return handler
      return (...args: unknown[]): unknown => {
        if (state.closed !== undefined) throw state.closed.error
        return Reflect.apply(handler, target, args)
      }
    },
  })
}
