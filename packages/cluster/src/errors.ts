/** What can go wrong with a cluster, beside the functions themselves. */

/** Redis can't be reached, or lets nobody in. No credentials are in it. */
export class ClusterConnectionError extends Error {
  override readonly name = "ClusterConnectionError";
}

/** A call was begun as often as a call may be whose workers die: see `maxLost`. It may be what kills them. */
export class WorkerLostError extends Error {
  override readonly name = "WorkerLostError";
}
