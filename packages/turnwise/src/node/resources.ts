/** What is open on a loop (sockets, servers, processes): it ends with the loop, so that nothing outlives a program. */
import { EventLoop } from "../events.ts";

/** Something that is open. */
export interface Resource {
  /** The loop is closed: end at once, and tell nobody. */
  loopClosed(): void;
}

const open = new WeakMap<EventLoop, Set<Resource>>();

/** Notes that `resource` is open. */
export function hold(loop: EventLoop, resource: Resource): void {
  openOn(loop).add(resource);
}

/** Notes that `resource` is closed. */
export function letGo(loop: EventLoop, resource: Resource): void {
  open.get(loop)?.delete(resource);
}

/** What is open on `loop`. */
export function openOn(loop: EventLoop): Set<Resource> {
  const known = open.get(loop);
  if (known !== undefined) return known;
  const resources = new Set<Resource>();
  open.set(loop, resources);
  loop._closed = () => {
    EventLoop.prototype._closed.call(loop);
    for (const resource of resources) resource.loopClosed();
    resources.clear();
  };
  return resources;
}
