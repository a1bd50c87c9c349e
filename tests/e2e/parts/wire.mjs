// The network between one desk and central: it can be cut for that desk alone, while others go on.

import { once } from "node:events";
import { connect, createServer } from "node:net";

export class Wire {
  #server;
  #open = new Set();
  #cut = false;
  #left = Infinity;

  /** Lays a wire to the service at `url`; `wire.url` is its near end. */
  static async lay(url) {
    const wire = new Wire();
    const { hostname, port } = new URL(url);
    wire.#server = createServer((near) => {
      if (wire.#cut || wire.#left <= 0) {
        near.destroy();
        return;
      }
      wire.#left -= 1;
      const far = connect({ host: hostname, port: Number(port) });
      wire.#open.add(near);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        one.on("error", () => other.destroy());
        one.on("close", () => {
          wire.#open.delete(one);
          other.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
    wire.#server.listen(0, "127.0.0.1");
    await once(wire.#server, "listening");
    wire.url = `http://127.0.0.1:${wire.#server.address().port}`;
    return wire;
  }

  /** Nothing passes any more: what is under way breaks, what is new is refused. */
  cut() {
    this.#cut = true;
    for (const socket of this.#open) socket.destroy();
  }

  /** It breaks for whoever comes after so many connections. */
  breakAfter(connections) {
    this.#left = connections;
  }

  /** It passes again. */
  mend() {
    this.#cut = false;
    this.#left = Infinity;
  }

  async remove() {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
