import type { Frame, PeerConnection } from '@camelid/p2p'

export const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** A peer that notes every frame it gets. */
export class TestPeer {
  readonly connection: PeerConnection
  readonly got: Frame[] = []

  constructor(connection: PeerConnection) {
    this.connection = connection
    void this.#collect()
  }

  async #collect(): Promise<void> {
    for await (const frame of this.connection.frames) this.got.push(frame)
  }

  /** The frames of one type so far. */
  of(type: number): Frame[] {
    return this.got.filter((frame) => frame.type === type)
  }
}
