/**
 * Slow start: writes go out in batches of 1, 2, 4, 8, … so that what cannot succeed (a quota) is refused a few times and not hundreds of times.
 * A batch is finished even when one of it fails; no other batch follows then.
 * @see kubernetes pkg/controller/replicaset/replica_set.go (slowStartBatch)
 */

/** Calls `attempt` up to `count` times; it returns a failure or nothing. The first failure is returned. */
export function slowStart<F>(count: number, attempt: (index: number) => F | undefined): F | undefined {
  let done = 0;
  for (let batch = Math.min(count, 1); batch > 0; batch = Math.min(2 * batch, count - done)) {
    let first: F | undefined;
    for (let i = 0; i < batch; i++) {
      const failure = attempt(done + i);
      if (failure !== undefined && first === undefined) first = failure;
    }
    if (first !== undefined) return first;
    done += batch;
  }
  return undefined;
}
